using DevOps.Archives.Directories;
using DevOps.Oci;
using DevOps.Registry;

namespace Cli;

/// <summary>Options that several commands have.</summary>
internal static class Shared
{
    internal const string Insecure = "--insecure";
    internal const string Root = "--root";
    internal const string Symlinks = "--symlinks";
    internal const string SharedFiles = "--shared-files";

    internal static RegistryClient Registry(Arguments arguments)
    {
        try
        {
            return new(new() { InsecureRegistries = [.. arguments.All(Insecure).Select(RegistryAddress.Parse)] });
        }
        catch (FormatException e)
        {
            throw new UsageException(e.Message);
        }
    }

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
        try
        {
            return new() { Root = arguments.Find(Root) ?? "/", SymbolicLinks = links, SharedFiles = shared };
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message.Split(" (Parameter", 2)[0]);
        }
    }
}
