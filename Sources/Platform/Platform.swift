/// Front door of Platform, to be written by its owner.
public enum Platform {}
