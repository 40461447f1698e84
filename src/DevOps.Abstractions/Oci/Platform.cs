using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace DevOps.Oci;

/// <summary>What an image runs on: operating system, architecture and their finer variants.</summary>
/// <remarks>Values are Go's <c>GOOS</c> and <c>GOARCH</c>. Source: OCI image-spec 1.1, image-index.md, "platform".</remarks>
public sealed record Platform
{
    /// <summary>Creates a platform. Common other names are replaced: <c>x86_64</c> by <c>amd64</c>, <c>aarch64</c> by <c>arm64</c>, <c>armhf</c> by <c>arm</c> <c>v7</c>; the variants <c>v8</c> of <c>arm64</c> and <c>v1</c> of <c>amd64</c> are the defaults and left out.</summary>
    /// <param name="os">The operating system, as <c>linux</c>.</param>
    /// <param name="architecture">The architecture, as <c>amd64</c>.</param>
    /// <param name="variant">The architecture's variant, as <c>v7</c>, or <see langword="null"/>.</param>
    /// <exception cref="ArgumentException">A value is empty or has characters other than letters, digits, <c>_</c>, <c>-</c> and <c>.</c>.</exception>
    public Platform(string os, string architecture, string? variant = null)
    {
        Check(os, nameof(os));
        Check(architecture, nameof(architecture));
        if (variant is not null)
        {
            Check(variant, nameof(variant));
        }

        Os = os.ToLowerInvariant() is var name && name == "macos" ? "darwin" : name;
        (Architecture, Variant) = Normalize(architecture.ToLowerInvariant(), variant?.ToLowerInvariant());
    }

    /// <summary>Gets Linux on x86-64.</summary>
    public static Platform LinuxAmd64 { get; } = new("linux", "amd64");

    /// <summary>Gets Linux on 64-bit ARM.</summary>
    public static Platform LinuxArm64 { get; } = new("linux", "arm64");

    /// <summary>Gets the operating system, as <c>linux</c>.</summary>
    public string Os { get; }

    /// <summary>Gets the architecture, as <c>amd64</c>.</summary>
    public string Architecture { get; }

    /// <summary>Gets the architecture's variant, as <c>v7</c>, if one is stated.</summary>
    public string? Variant { get; }

    /// <summary>Gets the version of the operating system, needed for Windows images.</summary>
    public string? OsVersion { get; init; }

    /// <summary>Gets features of the operating system that the image needs.</summary>
    public ImmutableArray<string> OsFeatures { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Reads a platform from <c>os/architecture</c> or <c>os/architecture/variant</c>.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException">The text is not a platform.</exception>
    public static Platform Parse(string text) => TryParse(text, out Platform? platform)
        ? platform
        : throw new FormatException($"'{text}' is not a platform: expected 'os/architecture' or 'os/architecture/variant', as 'linux/arm64'.");

    /// <summary>Reads a platform from <c>os/architecture</c> or <c>os/architecture/variant</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="platform">The platform, when the text is one.</param>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Platform? platform)
    {
        string[] parts = text?.Split('/') ?? [];
        platform = parts.Length is 2 or 3 && parts.All(IsWord) ? new(parts[0], parts[1], parts.Length == 3 ? parts[2] : null) : null;
        return platform is not null;
    }

    /// <summary>Returns whether an image for <paramref name="candidate"/> satisfies a request for this platform: operating system and architecture agree, and so do variant and version where this platform states them.</summary>
    /// <param name="candidate">The platform of an image.</param>
    public bool Accepts(Platform candidate)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        return candidate.Os == Os && candidate.Architecture == Architecture
            && (Variant is null || Variant == candidate.Variant)
            && (OsVersion is null || OsVersion == candidate.OsVersion);
    }

    /// <summary>Compares all members.</summary>
    /// <param name="other">The other platform.</param>
    public bool Equals(Platform? other) => other is not null && other.Os == Os && other.Architecture == Architecture && other.Variant == Variant
        && other.OsVersion == OsVersion && other.OsFeatures.SequenceEqual(OsFeatures);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Os, Architecture, Variant, OsVersion);

    /// <summary>Returns <c>os/architecture</c>, with <c>/variant</c> where one is stated.</summary>
    public override string ToString() => Variant is null ? $"{Os}/{Architecture}" : $"{Os}/{Architecture}/{Variant}";

    internal static Platform FromJson(JsonObject json, string where)
    {
        string os = json.RequireString("os", where);
        string architecture = json.RequireString("architecture", where);
        string? variant = json.String("variant", where) is { Length: > 0 } stated ? stated : null;
        foreach (string? word in (string?[])[os, architecture, variant])
        {
            if (word is not null && !IsWord(word))
            {
                throw new InvalidContentException(where, $"'{word}' is not the name of an operating system, an architecture or a variant");
            }
        }

        return new(os, architecture, variant)
        {
            OsVersion = json.String("os.version", where),
            OsFeatures = json.Strings("os.features", where),
        };
    }

    internal JsonObject ToJson()
    {
        JsonObject json = new() { ["architecture"] = Architecture, ["os"] = Os };
        if (OsVersion is not null)
        {
            json["os.version"] = OsVersion;
        }

        if (!OsFeatures.IsDefaultOrEmpty)
        {
            json["os.features"] = OciJson.ArrayOf(OsFeatures);
        }

        if (Variant is not null)
        {
            json["variant"] = Variant;
        }

        return json;
    }

    private static (string Architecture, string? Variant) Normalize(string architecture, string? variant) => (architecture, variant) switch
    {
        ("x86_64" or "x86-64" or "amd64", _) => ("amd64", variant is "v1" ? null : variant),
        ("i386" or "i686", _) => ("386", variant),
        ("aarch64" or "arm64", null or "v8" or "8") => ("arm64", null),
        ("aarch64", _) => ("arm64", variant),
        ("armhf", null) => ("arm", "v7"),
        ("armel", null) => ("arm", "v6"),
        ("arm", "5" or "6" or "7" or "8") => ("arm", "v" + variant),
        _ => (architecture, variant),
    };

    private static bool IsWord(string text) => text.Length is > 0 and <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.');

    private static void Check(string value, string name)
    {
        ArgumentNullException.ThrowIfNull(value, name);
        if (!IsWord(value))
        {
            throw new ArgumentException($"'{value}' is not the name of an operating system, an architecture or a variant.", name);
        }
    }
}
