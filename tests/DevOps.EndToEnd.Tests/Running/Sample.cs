namespace DevOps.EndToEnd.Tests;

/// <summary>A file-based app of samples/, copied out of the reach of other tests' runs. All are built once: runs of one file contend for its build.</summary>
internal static class Sample
{
    private static readonly Lazy<Task> Built = new(BuildAsync);

    /// <summary>Returns the command that runs a sample as built.</summary>
    internal static async Task<string[]> CommandAsync(string name)
    {
        await Built.Value;
        return ["run", "--no-build", "--file", PathOf(name), "--"];
    }

    internal static string PathOf(string name) => Path.Combine(Repository.Root, "samples", name + ".cs");

    private static async Task BuildAsync()
    {
        foreach (string path in Directory.GetFiles(Path.Combine(Repository.Root, "samples"), "*.cs").Order(StringComparer.Ordinal))
        {
            (await Run.ProgramAsync("dotnet", "build", path)).Succeeded();
        }
    }
}
