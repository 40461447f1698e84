namespace QuickStart;

/// <summary>The folder of the results, in the hands of one run. What an earlier run left as its result is removed, so that a run that fails leaves nothing to be taken for its own.</summary>
internal sealed class OutputFolder : IDisposable
{
    private readonly FileStream _lock;

    private OutputFolder(FileStream held) => _lock = held;

    internal static OutputFolder Enter(string path)
    {
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

        return new(held);
    }

    public void Dispose() => _lock.Dispose();
}
