using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace DevOps.Architecture.Tests;

/// <summary>The files of this checkout, and the assemblies that were built from it.</summary>
internal static class Checkout
{
    internal static readonly string[] Packages =
        ["DevOps.Abstractions", "DevOps.Archives", "DevOps.Docker", "DevOps.Kubernetes", "DevOps.Pipelines", "DevOps.Registry", "DevOps.Registry.Server"];

    internal static string Root { get; } = FindRoot();

    /// <summary>Gets everything that a program can reference here: the framework, ASP.NET Core and all packages.</summary>
    internal static ImmutableArray<MetadataReference> References { get; } =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !Path.GetFileName(path).StartsWith("DevOps.Architecture", StringComparison.Ordinal))
            .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path)),
    ];

    internal static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    internal static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(PathOf(folder), pattern, SearchOption.AllDirectories)
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    private static string FindRoot()
    {
        DirectoryInfo at = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at.FullName, "DevOps.sln")))
        {
            at = at.Parent ?? throw new InvalidOperationException("The tests run outside a checkout.");
        }

        return at.FullName;
    }
}
