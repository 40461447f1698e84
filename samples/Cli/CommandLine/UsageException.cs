namespace Cli;

/// <summary>The command line cannot be understood. Exit code 2, as distinct from a failure of the work.</summary>
internal sealed class UsageException(string message) : Exception(message);
