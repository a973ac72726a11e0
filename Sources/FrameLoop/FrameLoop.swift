/// Front door of FrameLoop, to be written by its owner.
public enum FrameLoop {}
