namespace DevOps.Registry;

/// <summary>A credential helper cannot be used, or did not do what it was asked for. What the helper wrote is no part of the text, for it can hold a secret.</summary>
public sealed class CredentialHelperException : DevOpsException
{
    internal CredentialHelperException(string program, string action, string reason, string remedy, int? exitCode = null, Exception? innerException = null)
        : base($"'{program} {action}' {reason}. {remedy}", innerException) =>
        (Program, Action, Reason, ExitCode) = (program, action, reason, exitCode);

    /// <summary>Gets the helper's program, as <c>docker-credential-pass</c>.</summary>
    public string Program { get; }

    /// <summary>Gets what it was asked for: <c>get</c>, <c>store</c>, <c>erase</c> or <c>list</c>.</summary>
    public string Action { get; }

    /// <summary>Gets what came of it, as the end of a sentence.</summary>
    public string Reason { get; }

    /// <summary>Gets the helper's exit code, or <see langword="null"/> if it did not end by itself.</summary>
    public int? ExitCode { get; }
}
