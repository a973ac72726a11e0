/// Front door of Scenes, to be written by its owner.
public enum Scenes {}
