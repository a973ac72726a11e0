/// Front door of Rendering, to be written by its owner.
public enum Rendering {}
