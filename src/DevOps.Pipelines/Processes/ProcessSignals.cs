namespace DevOps.Pipelines;

/// <summary>Names what ended a process of Unix.</summary>
internal static class ProcessSignals
{
    internal const int Kill = 9;

    internal const int Terminate = 15;

    // Source: Linux man-pages, signal(7): the standard signals are 1 to 31, the real-time ones end at 64.
    internal static int? FromExitCode(int exitCode) => !OperatingSystem.IsWindows() && exitCode is > 128 and <= 128 + 64 ? exitCode - 128 : null;

    /// <summary>Returns what an exit code of a signal means, as the end of a sentence; empty for any other code.</summary>
    internal static string Explain(int exitCode) => FromExitCode(exitCode) switch
    {
        null => "",
        2 => " (signal 2, SIGINT)",
        6 => " (signal 6, SIGABRT: it gave up by itself)",
        Kill => " (signal 9, SIGKILL: somebody killed it, or the system for want of memory)",
        11 => " (signal 11, SIGSEGV: it crashed)",
        13 => " (signal 13, SIGPIPE)",
        Terminate => " (signal 15, SIGTERM: somebody told it to end)",
        { } signal => $" (signal {signal})",
    };
}
