namespace QuickStart;

/// <summary>The folder of the results, in the hands of one run. What an earlier run left as its result is removed, so that a run that fails leaves nothing to be taken for its own.</summary>
internal sealed class OutputFolder : IDisposable
{
    private readonly FileStream _lock;

    private OutputFolder(FileStream held) => _lock = held;

    internal static OutputFolder Enter(QuickStartOptions options)
    {
        string path = options.OutputDirectory;
        Directory.CreateDirectory(path);
        FileStream held;
        try
        {
            held = new(Path.Combine(path, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e is not DirectoryNotFoundException)
        {
            throw new IOException($"Another run works in '{path}'. Wait for its end.", e);
        }

        if (!options.GoesOn)
        {
            Clear(path);
            File.WriteAllLines(Path.Combine(path, "options"), options.Own);
        }

        return new(held);
    }

    public void Dispose() => _lock.Dispose();

    private static void Clear(string path)
    {
        // The journal goes with the results that it tells of: a run that was overtaken cannot be resumed on top of another's.
        if (Directory.Exists(Path.Combine(path, "runs")))
        {
            Directory.Delete(Path.Combine(path, "runs"), recursive: true);
        }

        foreach (string result in (string[])["report.html", "manifests.yaml"])
        {
            File.Delete(Path.Combine(path, result));
        }

        // Only what is a layout: the folder may have been given something else by its owner.
        string layout = Path.Combine(path, "layout");
        if (File.Exists(Path.Combine(layout, "oci-layout")))
        {
            Directory.Delete(layout, recursive: true);
        }
    }
}
