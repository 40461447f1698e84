namespace DevOps.Pipelines;

/// <summary>A secret cannot be hidden, as it is too short or too long. It was not added: what prints it will show it.</summary>
public sealed class UnmaskableSecretException : DevOpsException
{
    /// <summary>Creates the error.</summary>
    /// <param name="secretName">The name of the secret, if it has one.</param>
    /// <param name="lengthBytes">Its length as UTF-8 without the white space around it, in bytes.</param>
    public UnmaskableSecretException(string? secretName, int lengthBytes)
        : base($"{(secretName is null ? "A secret without a name" : $"The secret '{secretName}'")} has {lengthBytes} bytes without the white space around it and cannot be hidden: " +
            $"{SecretMasker.MinSecretBytes} to {SecretMasker.MaxSecretBytes} bytes can. {Advice(lengthBytes)}") => (SecretName, LengthBytes) = (secretName, lengthBytes);

    /// <summary>Gets the name of the secret.</summary>
    /// <value><see langword="null"/> if it has none.</value>
    public string? SecretName { get; }

    /// <summary>Gets the length of the secret as UTF-8 without the white space around it, in bytes.</summary>
    public int LengthBytes { get; }

    private static string Advice(int lengthBytes) => lengthBytes < SecretMasker.MinSecretBytes
        ? "Use a longer one; one this short can be guessed, and hiding it would hide most of the log."
        : "Give the job a file that holds it, and hide the key that opens the file.";
}
