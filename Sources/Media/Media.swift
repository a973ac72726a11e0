/// Front door of Media, to be written by its owner.
public enum Media {}
