/// Front door of ControlServer, to be written by its owner.
public enum ControlServer {}
