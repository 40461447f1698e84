using System.Globalization;
using DevOps.Archives.Directories;
using DevOps.Oci;
using DevOps.Registry;

namespace Cli;

/// <summary>Options that several commands have.</summary>
internal static class Shared
{
    private const string Root = "--root";
    private const string Symlinks = "--symlinks";
    private const string SharedFiles = "--shared-files";
    private const string Parents = "--parents";
    private const string Attributes = "--xattrs";
    private const string Mode = "--mode";

    internal static RegistryClient Registry(Arguments arguments)
    {
        try
        {
            return new(new()
            {
                InsecureRegistries = [.. arguments.All(Option.Insecure.Name).Select(RegistryAddress.Parse)],
                Credentials = new CredentialFiles(StoredCredentials.Options),
                Proxy = HttpClient.DefaultProxy,
            });
        }
        catch (FormatException e)
        {
            throw new UsageException(e.Message);
        }
    }

    /// <summary>Returns the number that an option names.</summary>
    internal static int? Count(Arguments arguments, string option, int max) =>
        arguments.Find(option) is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1 && number <= max ? number
        : throw new UsageException($"'{text}' is no number for '{option}': write 1 to {max}.");

    /// <summary>Returns the platform that a text names.</summary>
    internal static Platform Platform(string text) =>
        DevOps.Oci.Platform.TryParse(text, out Platform? platform) ? platform : throw new UsageException($"'{text}' is not a platform: write OS/ARCH or OS/ARCH/VARIANT, as linux/arm64.");

    /// <summary>Returns the name that an archive gives its image.</summary>
    internal static ImageReference? Name(Arguments arguments)
    {
        try
        {
            return arguments.Find("--name") is { } name ? ImageReference.Parse(name) : null;
        }
        catch (FormatException e)
        {
            throw new UsageException(e.Message);
        }
    }

    /// <summary>Gets the options of how a directory is packed.</summary>
    internal static Option[] PackedDirectory { get; } =
    [
        new(Root, "PATH", "where the directory lies in the layer; / by default"),
        new(Symlinks, "keep|follow|refuse", "what becomes of symbolic links; kept by default"),
        new(SharedFiles, "copy|link", "what becomes of files with several names; copied by default"),
        new(Parents, "write|omit", "whether the directories above the root are members; written by default"),
        new(Attributes, "ignore|capabilities|keep", "which extended attributes are packed; none by default"),
        new(Mode, "PATTERN=OCTAL", "the mode of files of a pattern, as '**/*.sh=755'") { Repeats = true },
    ];

    internal static DirectoryOptions Directory(Arguments arguments)
    {
        SymbolicLinks links = arguments.Find(Symlinks) switch
        {
            null or "keep" => SymbolicLinks.Keep,
            "follow" => SymbolicLinks.Follow,
            "refuse" => SymbolicLinks.Refuse,
            var other => throw new UsageException($"'{other}' is nothing to do with symbolic links: use keep, follow or refuse."),
        };
        DevOps.Archives.Directories.SharedFiles shared = arguments.Find(SharedFiles) switch
        {
            null or "copy" => DevOps.Archives.Directories.SharedFiles.Copy,
            "link" => DevOps.Archives.Directories.SharedFiles.Link,
            var other => throw new UsageException($"'{other}' is nothing to do with files of several names: use copy or link."),
        };
        ImplicitParents parents = arguments.Find(Parents) switch
        {
            null or "write" => ImplicitParents.Write,
            "omit" => ImplicitParents.Omit,
            var other => throw new UsageException($"'{other}' is nothing to do with directories above the root: use write or omit."),
        };
        ExtendedAttributes attributes = arguments.Find(Attributes) switch
        {
            null or "ignore" => ExtendedAttributes.Ignore,
            "capabilities" => ExtendedAttributes.Capabilities,
            "keep" => ExtendedAttributes.Keep,
            var other => throw new UsageException($"'{other}' is nothing to do with extended attributes: use ignore, capabilities or keep."),
        };
        try
        {
            DirectoryOptions options = new() { Root = arguments.Find(Root) ?? "/", SymbolicLinks = links, SharedFiles = shared, ImplicitParents = parents, ExtendedAttributes = attributes };
            return arguments.All(Mode).Aggregate(options, WithMode);
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message.Split(" (Parameter", 2)[0]);
        }
    }

    private static DirectoryOptions WithMode(DirectoryOptions options, string rule)
    {
        int equals = rule.LastIndexOf('=');
        string digits = rule[(equals + 1)..];
        return equals > 0 && digits.Length is > 0 and <= 4 && !digits.AsSpan().ContainsAnyExceptInRange('0', '7')
            ? options.WithMode(rule[..equals], Convert.ToInt32(digits, 8))
            : throw new UsageException($"'{rule}' is no rule for modes: write PATTERN=OCTAL, as '**/*.sh=755'.");
    }
}
