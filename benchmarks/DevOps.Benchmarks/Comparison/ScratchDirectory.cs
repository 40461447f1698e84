namespace DevOps.Benchmarks.Comparison;

/// <summary>A temporary directory that is gone at the end.</summary>
internal sealed class ScratchDirectory : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("devops-benchmark-");

    /// <summary>Gets the path of something in it.</summary>
    internal string this[string name] => Path.Combine(_directory.FullName, name);

    public void Dispose() => _directory.Delete(recursive: true);
}
