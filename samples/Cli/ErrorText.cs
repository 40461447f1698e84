using DevOps.Content;

namespace Cli;

/// <summary>Says errors to people.</summary>
internal static class ErrorText
{
    private const int NoSpaceLeft = 28;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    internal static string Of(Exception error) => error switch
    {
        ContentCopyException { InnerException: { } cause } => $"{error.Message.TrimEnd('.')}. {RemedyFor(cause)}".TrimEnd(),
        HttpRequestException or HttpIOException => $"{error.Message.TrimEnd('.')}. {RemedyFor(error)}",
        FileNotFoundException or DirectoryNotFoundException when !error.Message.Contains(". ", StringComparison.Ordinal) => $"{error.Message} Check the path.",
        ArgumentException => error.Message.Split(" (Parameter", 2)[0],
        _ => error.Message,
    };

    // Our own errors have said what to do.
    private static string RemedyFor(Exception cause) => cause switch
    {
        HttpIOException or HttpRequestException => "The registry broke the connection off: see whether it runs, then try again; what arrived is not sent again.",
        _ when IsDiskFull(cause) => "Make room there, or write elsewhere.",
        UnauthorizedAccessException or IOException => "Check that it can be read and written.",
        _ => "",
    };

    internal static bool IsDiskFull(Exception error) => error is IOException && error.HResult is NoSpaceLeft or WindowsDiskFull;
}
