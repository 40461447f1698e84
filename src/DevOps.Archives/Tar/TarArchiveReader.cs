namespace DevOps.Archives.Tar;

/// <summary>Reads a tar archive from start to end: v7, USTAR, PAX with global headers, GNU long names, numbers in base 256, sparse files of GNU and PAX, star.</summary>
/// <remarks>
/// The archive is not trusted: every header is bounded by <see cref="TarReadOptions"/>, checksums and numbers are checked, and an end in the middle is an error.
/// Behind the end marker the input is read to its own end, so that a hash over it is complete. Not safe for use by several threads at once. An input that can seek is skipped through, not read.
/// </remarks>
public sealed class TarArchiveReader
{
    private readonly TarInput _input;
    private readonly EntryHeaders _headers;
    private TarContentStream? _content;
    private long _stored;
    private bool _ended;

    /// <summary>Creates a reader.</summary>
    /// <param name="input">The archive, not compressed; left open.</param>
    /// <param name="options">What it may take; <see cref="TarReadOptions.Default"/> if <see langword="null"/>.</param>
    public TarArchiveReader(Stream input, TarReadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        _input = new(input);
        _headers = new(_input, options ?? TarReadOptions.Default);
    }

    /// <summary>Gets the content of the entry that was read last; it can be read, asynchronously, until the next entry is. What is left of it is skipped.</summary>
    /// <exception cref="InvalidOperationException">No entry was read yet, or there are no more.</exception>
    public Stream Content => _content ?? throw new InvalidOperationException("There is no entry: call ReadNextAsync, and read its content before the next.");

    /// <summary>Reads the next entry.</summary>
    /// <param name="cancellationToken">Stops the reading; the reader is then unusable.</param>
    /// <returns>The entry, or <see langword="null"/> at the end of the archive.</returns>
    /// <exception cref="InvalidContentException">The archive is damaged, or its headers are too long.</exception>
    public async ValueTask<TarArchiveEntry?> ReadNextAsync(CancellationToken cancellationToken = default)
    {
        if (_ended)
        {
            return null;
        }

        long at = _input.Position;
        try
        {
            await LeaveContentAsync(cancellationToken).ConfigureAwait(false);
            at = _input.Position;
            if (await _headers.ReadAsync(cancellationToken).ConfigureAwait(false) is { } next)
            {
                (_content, _stored) = (next.Content, next.Stored);
                return next.Entry;
            }
        }
        catch (FormatException e)
        {
            _ended = true;
            throw new InvalidContentException("tar archive", $"at byte {at}, {e.Message}", e);
        }

        _ended = true;
        await _input.DrainAsync(cancellationToken).ConfigureAwait(false);
        return null;
    }

    private async ValueTask LeaveContentAsync(CancellationToken cancellationToken)
    {
        if (_content is not { } content)
        {
            return;
        }

        content.Close(isTakenOver: true);
        _content = null;
        long padding = (TarHeader.Length - (_stored % TarHeader.Length)) % TarHeader.Length;

        // In two steps: together they can be more than a long.
        await _input.SkipAsync(content.StoredLeft, cancellationToken).ConfigureAwait(false);
        await _input.SkipAsync(padding, cancellationToken).ConfigureAwait(false);
    }
}
