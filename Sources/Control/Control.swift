/// Front door of Control, to be written by its owner.
public enum Control {}
