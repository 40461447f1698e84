namespace DevOps.Registry;

/// <summary>A file of credentials cannot be changed because of what is in it. It was left as it is; nothing of it is quoted.</summary>
public sealed class CredentialFileException : DevOpsException
{
    internal CredentialFileException(string path, string reason, Exception? innerException = null)
        : base($"'{path}' {reason}, so it was not changed. Mend it by hand, or move it away.", innerException) => Path = path;

    /// <summary>Gets the file's path.</summary>
    public string Path { get; }
}
