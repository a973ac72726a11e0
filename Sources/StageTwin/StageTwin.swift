/// Front door of StageTwin, to be written by its owner.
public enum StageTwin {}
