/// Front door of StageConfig, to be written by its owner.
public enum StageConfig {}
