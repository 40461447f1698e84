using System.Globalization;
using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Registry.Tests.Repositories;

/// <summary>The process that is killed: pushes an image, and waits for a word at each mebibyte.</summary>
internal static class PushingProcess
{
    /// <summary>Names the layout, the journal, the repository and the digest; whoever starts this program with it gets a push and no tests.</summary>
    internal const string Variable = "DEVOPS_TEST_PUSH";
    internal const string Mark = "read ";
    internal const string Done = "pushed";

    private const int ChunkBytes = 700_000;

    internal static async Task RunAsync(string task)
    {
        string[] words = task.Split('|');
        using OciLayout layout = new(words[0]);
        using RegistryClient client = new(new() { UploadJournal = new(words[1]), UploadChunkBytes = ChunkBytes, MaxRetries = 12 });
        Descriptor root = await layout.ResolveAsync(words[3]) ?? throw new InvalidOperationException("The image is not in the layout.");
        await layout.CopyAsync(root, client.GetRepository(words[2]), options: new() { MaxConcurrency = 1 }, progress: new Steps());
        Console.Out.WriteLine(Done);
    }

    private sealed class Steps : IProgress<ContentProgress>
    {
        public void Report(ContentProgress value)
        {
            if (value.Phase == ContentPhase.Advanced)
            {
                Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Mark}{value.TransferredBytes}"));
                _ = Console.In.ReadLine();
            }
        }
    }
}
