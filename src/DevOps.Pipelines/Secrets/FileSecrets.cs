using System.Text;

namespace DevOps.Pipelines;

/// <summary>Secrets that are files of one directory, named as the secrets are: as Kubernetes and Docker mount them.</summary>
/// <remarks>A file is UTF-8 of at most <see cref="SecretMasker.MaxSecretBytes"/> bytes; a byte order mark and one line end at its end do not belong to the secret. Links are followed, as mounts consist of them: who may write to the directory is trusted.</remarks>
public sealed class FileSecrets : ISecretSource
{
    private static readonly UTF8Encoding Encoding = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string _directory;

    /// <summary>Creates the source.</summary>
    /// <param name="directory">The directory; one that does not exist holds no secrets.</param>
    public FileSecrets(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        _directory = Path.GetFullPath(directory);
    }

    /// <inheritdoc/>
    public string Name => $"the files of '{_directory}'";

    /// <inheritdoc/>
    public async ValueTask<Secret?> FindAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.AsSpan().IndexOfAny("/\\:\0") >= 0 || name.StartsWith("..", StringComparison.Ordinal) || name == ".")
        {
            throw new ArgumentException($"'{name}' cannot be a secret among {Name}: a name there has no '/', '\\' or ':' and does not begin with '..'.", nameof(name));
        }

        try
        {
            byte[]? content = await ReadAsync(Path.Combine(_directory, name), cancellationToken).ConfigureAwait(false);
            return content is null ? null
                : content.Length > SecretMasker.MaxSecretBytes ? throw new SecretSourceException(name, Name, $"the file is larger than {SecretMasker.MaxSecretBytes} bytes; put a smaller one there")
                : SecretText.Create(Encoding.GetString(content).TrimStart('\uFEFF'), name);
        }
        catch (DecoderFallbackException)
        {
            // Its message would show bytes of the secret.
            throw new SecretSourceException(name, Name, "the file is not UTF-8; store its base64 form instead");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SecretSourceException(name, Name, $"the file cannot be read ({e.Message.TrimEnd('.')})", e);
        }
    }

    /// <summary>Reads a file, or its beginning that shows that it is too large.</summary>
    private static async ValueTask<byte[]?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        // What the file says about its size is not asked: it may grow, and mounts may not know it.
        FileStream file = new(path, new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete, Options = FileOptions.Asynchronous, BufferSize = 0 });
        await using (file.ConfigureAwait(false))
        {
            byte[] buffer = new byte[SecretMasker.MaxSecretBytes + 1];
            int count = await file.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return buffer[..count];
        }
    }
}
