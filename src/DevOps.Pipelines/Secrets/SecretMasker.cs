using System.Text;

namespace DevOps.Pipelines;

/// <summary>Puts <c>***</c> in the place of every secret it knows, also where the secret stands in an encoded form. Safe for use by many threads; secrets may be added at any moment.</summary>
/// <remarks>
/// <para>What is hidden is every occurrence, those that overlap as one <c>***</c>. Besides the text itself these forms of it are found: base64 (both alphabets, at each of the three positions that bytes before it
/// can give it, on one line or on lines of 64 or 76), URL-encoded, JSON-, shell- and XML-escaped, and hex; each for the text as it is, without the white space around it, with either kind of line end, and for each of its
/// lines of at least <see cref="MinLineBytes"/> bytes. A form that is the result of two encodings, a part of a secret, or another character set than UTF-8 is not found.</para>
/// <para>Memory: about 1 KiB for each byte of a secret. The search is built anew when text is masked after a secret was added, which takes some milliseconds for each KiB of secrets.</para>
/// </remarks>
public sealed class SecretMasker
{
    /// <summary>The length of the shortest secret that can be hidden, in bytes of UTF-8 without the white space around it.</summary>
    /// <remarks>Any three bytes stand in every log by chance: the log would be lost, and the secret, which can be guessed at once, not saved. Four random characters of base64 stand by chance in one of 16 million places.</remarks>
    public const int MinSecretBytes = 4;

    /// <summary>The length of the longest secret that can be hidden, in bytes of UTF-8: 64 KiB.</summary>
    public const int MaxSecretBytes = 64 << 10;

    /// <summary>The length of the shortest line of a secret of many lines that is also hidden by itself, in bytes without the white space around it.</summary>
    public const int MinLineBytes = 8;

    private readonly Lock _lock = new();
    private readonly HashSet<string> _secrets = new(StringComparer.Ordinal);
    private readonly HashSet<string> _patterns = new(StringComparer.Ordinal);
    private volatile SecretAutomaton? _automaton = SecretAutomaton.Empty;

    /// <summary>Gets the search for all secrets known by now; an immutable object, the same until a secret is added.</summary>
    internal SecretAutomaton Automaton => _automaton ?? Build();

    /// <summary>Hides a secret from now on. An empty one hides nothing; one that is known already changes nothing.</summary>
    /// <param name="secret">The secret.</param>
    /// <exception cref="UnmaskableSecretException">The secret is too short or too long to be hidden.</exception>
    public void Add(Secret secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        Add(secret.Reveal(), secret.Name);
    }

    /// <summary>Hides a text from now on. An empty one hides nothing; one that is known already changes nothing.</summary>
    /// <param name="secret">The text.</param>
    /// <exception cref="UnmaskableSecretException">The text is too short or too long to be hidden.</exception>
    public void Add(string secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        Add(secret, null);
    }

    /// <summary>Returns a text with <c>***</c> in the place of every secret; the very same object when there is none in it.</summary>
    /// <param name="text">Any text.</param>
    public string Mask(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return MaskedText.Create(text, Automaton);
    }

    /// <summary>Tells whether a secret, or a form of one, occurs in some bytes.</summary>
    /// <param name="utf8">Any bytes.</param>
    public bool Contains(ReadOnlySpan<byte> utf8)
    {
        const int PieceBytes = 64 << 10;
        SecretAutomaton automaton = Automaton;
        MarkList marks = default;
        int state = 0;
        while (!utf8.IsEmpty && marks.Count == 0)
        {
            ReadOnlySpan<byte> piece = utf8[..Math.Min(utf8.Length, PieceBytes)];
            automaton.Scan(piece, 0, ref state, ref marks);
            utf8 = utf8[piece.Length..];
        }

        return marks.Count > 0;
    }

    /// <summary>Creates the filter of one stream of bytes.</summary>
    internal IByteFilter CreateFilter() => new MaskingFilter(() => Automaton);

    private void Add(string text, string? name)
    {
        if (text.Length == 0)
        {
            return;
        }

        int length = Encoding.UTF8.GetByteCount(text.AsSpan().Trim());
        if (length < MinSecretBytes || Encoding.UTF8.GetByteCount(text) > MaxSecretBytes)
        {
            throw new UnmaskableSecretException(name, length);
        }

        lock (_lock)
        {
            if (_secrets.Add(text))
            {
                _patterns.UnionWith(SecretForms.Of(text));
                _automaton = null;
            }
        }
    }

    private SecretAutomaton Build()
    {
        lock (_lock)
        {
            return _automaton ??= SecretAutomaton.Create(_patterns.Select(Encoding.UTF8.GetBytes).ToList());
        }
    }
}
