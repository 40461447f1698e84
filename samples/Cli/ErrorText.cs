using System.Net;
using DevOps.Content;
using DevOps.Registry;

namespace Cli;

/// <summary>Says errors to people.</summary>
internal static class ErrorText
{
    private const int NoSpaceLeft = 28;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    internal static string Of(Exception error) => $"{TextOf(error)}{LoginFor(error)}";

    private static string TextOf(Exception error) => error switch
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

    // Where credentials are looked for, and what was there, the error says by itself.
    private static string LoginFor(Exception error)
    {
        for (Exception? at = error; at is not null; at = at.InnerException)
        {
            if (at is RegistryException { StatusCode: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden, CredentialSearch: { } search, Target: var registry })
            {
                return search.Credential is null ? $" 'devops login {registry}' stores credentials for it." : $" 'devops login {registry}' stores others in place of those that were found.";
            }
        }

        return "";
    }

    internal static bool IsDiskFull(Exception error) => error is IOException && error.HResult is NoSpaceLeft or WindowsDiskFull;
}
