/// Front door of Output, to be written by its owner.
public enum Output {}
