/// Front door of StageRun, to be written by its owner.
public enum StageRun {}
