using System.Text.RegularExpressions;

namespace DevOps.Architecture.Tests;

/// <summary>Rules of the tree that a reader relies on.</summary>
public sealed partial class TreeTests
{
    private const int MaxLines = 400;

    [Fact]
    public void SourceFiles_AreShort()
    {
        string[] folders = ["src", "samples", "tests", "benchmarks"];

        Assert.Empty(folders.SelectMany(folder => Checkout.Files(folder, "*.cs")).Where(path => File.ReadLines(path).Count() > MaxLines).Select(path => Path.GetRelativePath(Checkout.Root, path)));
    }

    [Fact]
    public void NuGetConfig_MapsEverythingToTheDefaultSourceAndWritesNoAddress()
    {
        string config = File.ReadAllText(Checkout.PathOf("nuget.config"));

        Assert.DoesNotContain("://", config, StringComparison.Ordinal);
        Assert.Contains("""<packageSource key="nuget.org">""", config, StringComparison.Ordinal);
        Assert.Contains("""<package pattern="*" />""", config, StringComparison.Ordinal);
    }

    // What is not in the solution is not built, and its tests do not run.
    [Fact]
    public void Solution_HoldsEveryProject()
    {
        string solution = File.ReadAllText(Checkout.PathOf("DevOps.sln")).Replace('\\', '/');
        string[] folders = ["src", "samples", "tests", "benchmarks"];

        Assert.All(
            folders.SelectMany(folder => Checkout.Files(folder, "*.csproj")).Select(path => Path.GetRelativePath(Checkout.Root, path).Replace(Path.DirectorySeparatorChar, '/')),
            path => Assert.Contains($"\"{path}\"", solution, StringComparison.Ordinal));
    }

    [Fact]
    public void LibraryCode_HasNoConsoleNoExitAndNoClockOfItsOwn()
    {
        Regex forbidden = Forbidden();

        Assert.Empty(
            from path in Checkout.Files("src", "*.cs")
            from line in File.ReadLines(path).Index()
            where forbidden.IsMatch(line.Item) && !line.Item.TrimStart().StartsWith("//", StringComparison.Ordinal)
            select $"{Path.GetRelativePath(Checkout.Root, path)}:{line.Index + 1}: {line.Item.Trim()}");
    }

    [Fact]
    public void DocumentationLinks_LeadToFiles()
    {
        Assert.Empty(
            from path in Checkout.Files("docs", "*.md").Append(Checkout.PathOf("README.md"))
            from link in Link().Matches(File.ReadAllText(path))
            let target = link.Groups["target"].Value.Split('#')[0]
            where target.Length > 0 && !target.Contains("://", StringComparison.Ordinal) && !Path.Exists(Path.Combine(Path.GetDirectoryName(path)!, target))
            select $"{Path.GetRelativePath(Checkout.Root, path)}: {target}");
    }

    [GeneratedRegex(@"\bConsole\.|Environment\.(Exit|GetEnvironmentVariable|FailFast)|\bDateTime(Offset)?\.(Utc)?Now\b|Thread\.Sleep|Random\.Shared|new Random\(")]
    private static partial Regex Forbidden();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();
}
