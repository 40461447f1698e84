using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace DevOps.Pipelines;

/// <summary>A text that must not be shown. Whatever prints it gets <c>***</c>; only <see cref="Reveal"/> gives the text.</summary>
/// <remarks>Two secrets are equal when their texts are, whatever their names; comparing two of one length takes the same time wherever they differ. The text stays in memory until it is collected.</remarks>
[DebuggerDisplay("***")]
public sealed class Secret : IEquatable<Secret>
{
    /// <summary>What stands in the place of a secret: <c>***</c>.</summary>
    public const string Mask = "***";

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly string _text;

    /// <summary>Wraps a text.</summary>
    /// <param name="text">The text; an empty one hides nothing.</param>
    /// <param name="name">What errors call it; never masked.</param>
    public Secret(string text, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        _text = text;
        Name = name;
    }

    /// <summary>Gets what errors call it.</summary>
    public string? Name { get; }

    /// <summary>Returns the text itself.</summary>
    public string Reveal() => _text;

    /// <summary>Returns <c>***</c>.</summary>
    public override string ToString() => Mask;

    /// <summary>Tells whether another secret has the same text.</summary>
    /// <param name="other">The other one.</param>
    public bool Equals(Secret? other) =>
        other is not null && CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(_text.AsSpan()), MemoryMarshal.AsBytes(other._text.AsSpan()));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Secret);

    /// <inheritdoc/>
    public override int GetHashCode() => string.GetHashCode(_text, StringComparison.Ordinal);
}
