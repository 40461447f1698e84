using DevOps.Content;

namespace Cli;

/// <summary>Says errors to people.</summary>
internal static class ErrorText
{
    private const int NoSpaceLeft = 28;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    internal static string Of(Exception error) => error is ContentCopyException { InnerException: UnauthorizedAccessException or IOException } copy
        ? $"{copy.Message.TrimEnd('.')}. {(IsDiskFull(copy.InnerException!) ? "Make room there, or write elsewhere." : "Check that it can be read and written.")}"
        : error.Message;

    internal static bool IsDiskFull(Exception error) => error is IOException && error.HResult is NoSpaceLeft or WindowsDiskFull;
}
