namespace DevOps.Archives.Extraction;

/// <summary>An entry of an archive would reach out of the directory that it is extracted to. Nothing was written for it.</summary>
public sealed class UnsafeEntryException : DevOpsException
{
    /// <summary>Creates the error.</summary>
    /// <param name="entry">The entry's name.</param>
    /// <param name="reason">How it reaches out, as the end of a sentence.</param>
    public UnsafeEntryException(string entry, string reason)
        : base($"The entry '{entry}' was not extracted: {reason}. The archive is damaged or made to do harm; have its producer write it again.") => (Entry, Reason) = (entry, reason);

    /// <summary>Gets the entry's name.</summary>
    public string Entry { get; }

    /// <summary>Gets how it reaches out.</summary>
    public string Reason { get; }
}
