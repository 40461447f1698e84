namespace DevOps.EndToEnd.Tests;

/// <summary>Where this checkout and what was built from it are.</summary>
internal static class Repository
{
    internal static string Root { get; } = FindRoot();

    internal static string Cli { get; } = Program("Cli", "devops");

    internal static string QuickStart { get; } = Program("QuickStart", "QuickStart");

    // Tests and programs are built side by side, in the same configuration.
    private static string Program(string project, string name) =>
        Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", project, new DirectoryInfo(AppContext.BaseDirectory).Name, name));

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
