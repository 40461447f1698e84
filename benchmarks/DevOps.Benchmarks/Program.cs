using System.Globalization;
using BenchmarkDotNet.Running;
using DevOps.Benchmarks.Comparison;
using DevOps.Benchmarks.Pipelines;
using DevOps.Benchmarks.Registries;

// The comparisons of eng/bench-*.sh; everything else is for BenchmarkDotNet.
try
{
    switch (args)
    {
        case ["compare", .. string[] words]:
            PackComparison.Run(Options.Parse(words, takesDirectory: true));
            return 0;
        case ["small", .. string[] words]:
            SmallFiles.Run(Options.Parse(words, takesDirectory: false));
            return 0;
        case ["cache", .. string[] words]:
            CachedPacks.Run(Options.Parse(words, takesDirectory: true));
            return 0;
        case ["journal", .. string[] words]:
            await JournalComparison.RunAsync(Options.Parse(words, takesDirectory: false));
            return 0;
        case ["engine", .. string[] words]:
            await EngineComparison.RunAsync(Options.Parse(words, takesDirectory: false));
            return 0;
        case ["resume", .. string[] words]:
            await ResumeCost.RunAsync(Options.Parse(words, takesDirectory: false));
            return 0;
        case ["copy", .. string[] words]:
            await CopyComparison.RunAsync(Options.Parse(words, takesDirectory: false));
            return 0;
        case ["server", .. string[] words]:
            await ServerComparison.RunAsync(Options.Parse(words, takesDirectory: false));
            return 0;
        case ["memory", .. string[] words]:
            await MemoryComparison.RunAsync(Options.Parse(words, takesDirectory: false));
            return 0;
        case ["memory-client", string registry, string blobs, string blobBytes]:
            await MemoryClient.RunAsync(registry, int.Parse(blobs, CultureInfo.InvariantCulture), long.Parse(blobBytes, CultureInfo.InvariantCulture));
            return 0;
        case ["ranges", .. string[] words]:
            await RangeComparison.RunAsync(Options.Parse(words, takesDirectory: false));
            return 0;
        case ["push", .. string[] words]:
            await PushComparison.RunAsync(Options.Parse(words, takesDirectory: true));
            return 0;
        case ["mirror", .. string[] words]:
            await MirrorComparison.RunAsync(Options.Parse(words, takesDirectory: false));
            return 0;
        case ["masking", .. string[] words]:
            MaskingComparison.Run(Options.Parse(words, takesDirectory: false));
            return 0;
        case ["fingerprint", .. string[] words]:
            FingerprintCost.Run(Options.Parse(words, takesDirectory: false));
            return 0;
        case ["tarfile", string directory, string output]:
            SmallFiles.PackWithLibrary(directory, output);
            return 0;
        case ["walk", string directory]:
            return Trees.Walk(directory).Files > 0 ? 0 : 1;
        default:
            BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
            return 0;
    }
}
catch (ArgumentException e)
{
    Console.Error.WriteLine($"error: {e.Message}");
    return 2;
}
catch (Exception e) when (e is InvalidOperationException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"error: {e.Message}");
    return 1;
}
