namespace DevOps.Pipelines;

/// <summary>A command line cannot be understood. The message is for the person who wrote it.</summary>
internal sealed class UsageException(string message) : Exception(message);
