namespace DevOps.Registry;

/// <summary>A server that was asked for a range sent the whole.</summary>
internal sealed class RangeIgnoredException() : Exception("The answer to a range is the whole.");
