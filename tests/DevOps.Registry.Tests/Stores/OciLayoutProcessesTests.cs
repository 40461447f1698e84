using System.Diagnostics;
using System.Globalization;
using DevOps.Content;
using DevOps.Oci;
using DevOps.Testing;
using DevOps.Testing.Streams;
using DevOps.Testing.Time;

namespace DevOps.Registry.Tests.Stores;

/// <summary>Several processes on one layout, and some that are ended at any moment.</summary>
public sealed class OciLayoutProcessesTests : IDisposable
{
    private const string Variable = "DEVOPS_TEST_LAYOUT";
    private const string Ready = "ready";
    private const string Done = "done";
    private const int Writers = 4;
    private const int TagsEach = 100;
    private const int BlobBytes = 1 << 20;

    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task TagAsync_SeveralProcesses_LoseNoTagAndShowNoHalfIndex()
    {
        using OciLayout layout = new(_directory.PathOf("layout"));
        Process[] writers = [.. Enumerable.Range(0, Writers).Select(i => Start(nameof(Inner_Tag), i))];
        try
        {
            // All begin at once, also with making the layout.
            await Task.WhenAll(writers.Select(writer => WaitForAsync(writer, Ready)));
            await Task.WhenAll(writers.Select(writer => writer.StandardInput.WriteLineAsync()));
            Task<string>[] ends = [.. writers.Select(EndAsync)];
            do
            {
                _ = await layout.ReadIndexAsync(Cancellation);
                _ = await layout.ListTagsAsync(Cancellation).CountAsync(Cancellation);
            }
            while (!Task.WhenAll(ends).IsCompleted);

            Assert.All(await Task.WhenAll(ends), output => Assert.Contains(Done, output, StringComparison.Ordinal));
        }
        finally
        {
            Array.ForEach(writers, End);
        }

        string[] expected = [.. Enumerable.Range(0, Writers).SelectMany(writer => Enumerable.Range(0, TagsEach).Select(tag => $"w{writer}-{tag}")).Order(StringComparer.Ordinal)];
        Assert.Equal(expected, await layout.ListTagsAsync(Cancellation).ToArrayAsync(Cancellation));
        ImageIndex index = await layout.ReadIndexAsync(Cancellation);
        await AssertEveryBlobIsWholeAsync(layout);

        // All wrote the same layer under the same name at once, and each a manifest of its own.
        Assert.Equal(Writers, index.Manifests.Select(manifest => manifest.Digest).Distinct().Count());
        Assert.Empty(Directory.EnumerateFiles(layout.Path, "*.partial", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task WriteAsync_ProcessesKilled_LeaveAValidLayout()
    {
        Random random = new(Soak.Seed(3));
        using OciLayout layout = new(_directory.PathOf("layout"));
        for (int kill = 0; kill < Soak.Times(8); kill++)
        {
            using Process writer = Start(nameof(Inner_Write), kill);
            try
            {
                await WaitForAsync(writer, Ready);
                await writer.StandardInput.WriteLineAsync();
                for (int lines = random.Next(0, 12); lines > 0 && await writer.StandardOutput.ReadLineAsync(Cancellation) is not null; lines--)
                {
                }
            }
            finally
            {
                End(writer);
            }

            // Whatever the index lists is there to the last byte, and every file that has a blob's name is that blob.
            foreach (Descriptor listed in (await layout.ReadIndexAsync(Cancellation)).Manifests)
            {
                await layout.VerifyAsync(listed, cancellationToken: Cancellation);
            }

            await AssertEveryBlobIsWholeAsync(layout);
        }

        // The next writer goes on, though the last one held the lock; and what all of them left over goes.
        ImageManifest image = await Contract.Sample.WriteImageAsync(layout, "after", Cancellation);
        await layout.TagAsync(image.Descriptor, "after", Cancellation);
        using OciLayout later = new(layout.Path, new VirtualTimeProvider(DateTimeOffset.UtcNow.AddDays(1)));
        await later.CollectGarbageAsync(cancellationToken: Cancellation);
        Assert.Empty(Directory.EnumerateFiles(layout.Path, "*.partial", SearchOption.AllDirectories));
        foreach (Descriptor listed in (await layout.ReadIndexAsync(Cancellation)).Manifests)
        {
            await layout.VerifyAsync(listed, cancellationToken: Cancellation);
        }
    }

    [Fact]
    public async Task CollectGarbageAsync_OtherProcessesCopyMeanwhile_LoseNothing()
    {
        using OciLayout layout = new(_directory.PathOf("layout"));
        ImageManifest image = await Contract.Sample.WriteImageAsync(layout, "kept", Cancellation);
        await layout.TagAsync(image.Descriptor, "kept", Cancellation);
        Process[] writers = [.. Enumerable.Range(0, 2).Select(i => Start(nameof(Inner_Churn), i))];
        try
        {
            await Task.WhenAll(writers.Select(writer => WaitForAsync(writer, Ready)));
            await Task.WhenAll(writers.Select(writer => writer.StandardInput.WriteLineAsync()));
            for (int removed = 0; removed < 30;)
            {
                removed += (await layout.CollectGarbageAsync(cancellationToken: Cancellation)).RemovedBlobCount;
                Assert.DoesNotContain(writers, writer => writer.HasExited);
            }

            await Task.WhenAll(writers.Select(writer => writer.StandardInput.WriteLineAsync()));
            Assert.All(await Task.WhenAll(writers.Select(EndAsync)), output => Assert.Contains(Done, output, StringComparison.Ordinal));
        }
        finally
        {
            Array.ForEach(writers, End);
        }

        foreach (Descriptor listed in (await layout.ReadIndexAsync(Cancellation)).Manifests)
        {
            await layout.VerifyAsync(listed, cancellationToken: Cancellation);
        }
    }

    /// <summary>One of several processes that tag at once.</summary>
    [Fact(Explicit = true)]
    public async Task Inner_Tag()
    {
        (OciLayout layout, int number) = await BeginAsync();
        using (layout)
        {
            ImageManifest image = await WriteImageAsync(layout, number, 0);
            for (int tag = 0; tag < TagsEach; tag++)
            {
                await layout.TagAsync(image.Descriptor, $"w{number}-{tag}", Cancellation);
            }
        }

        Console.Out.WriteLine(Done);
    }

    /// <summary>A process that writes and tags images until it is killed.</summary>
    [Fact(Explicit = true)]
    public async Task Inner_Write()
    {
        (OciLayout layout, int number) = await BeginAsync();
        using (layout)
        {
            for (int image = 0; image < 1000; image++)
            {
                ImageManifest written = await WriteImageAsync(layout, number, image);
                Console.Out.WriteLine("written");
                await layout.TagAsync(written.Descriptor, $"w{number}-{image % 3}", Cancellation);
                Console.Out.WriteLine("tagged");
            }
        }
    }

    /// <summary>A process that copies images in, gives them up and copies them in again, until it is told to end.</summary>
    [Fact(Explicit = true)]
    public async Task Inner_Churn()
    {
        (OciLayout layout, int number) = await BeginAsync();
        MemoryStore source = new();
        ImageManifest[] images = [await WriteImageAsync(source, number, 1, 50_000, number + 1), await WriteImageAsync(source, number, 2, 50_000, number + 11)];
        Task<string?> end = Task.Run(Console.In.ReadLine, Cancellation);
        using (layout)
        {
            for (int i = 0; !end.IsCompleted; i++)
            {
                await source.CopyAsync(images[i % 2].Descriptor, layout, $"w{number}", cancellationToken: Cancellation);
                await layout.VerifyAsync(images[i % 2].Descriptor, cancellationToken: Cancellation);

                // It gets as old as in a layout that stood for hours: garbage as soon as the tag moves.
                foreach (Digest digest in (Digest[])[images[i % 2].Digest, images[i % 2].Config.Digest, images[i % 2].Layers[0].Digest])
                {
                    File.SetLastWriteTimeUtc(Path.Combine(layout.Path, "blobs", "sha256", digest.Hex), DateTime.UtcNow.AddHours(-2));
                }
            }
        }

        Console.Out.WriteLine(Done);
    }

    private static async Task<(OciLayout Layout, int Number)> BeginAsync()
    {
        string? task = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(task is null, "Only another test starts this, in a process of its own.");
        string[] words = task.Split('|');
        Console.Out.WriteLine(Ready);
        _ = await Console.In.ReadLineAsync(Cancellation);
        return (new(words[0]), int.Parse(words[1], CultureInfo.InvariantCulture));
    }

    private static async Task<ImageManifest> WriteImageAsync(IContentStore store, int number, int image, int layerBytes = BlobBytes, int seed = 5)
    {
        using MemoryStream bytes = new();
        await new PatternStream(layerBytes, (uint)seed).CopyToAsync(bytes, Cancellation);
        Descriptor layer = await Contract.Sample.WriteAsync(store, MediaTypes.LayerGzip, bytes.ToArray(), Cancellation);
        Descriptor config = await Contract.Sample.WriteAsync(store, MediaTypes.ImageConfig, Contract.Sample.Bytes($$$"""{"architecture":"amd64","os":"linux","author":"{{{number}}} {{{image}}}","rootfs":{"type":"layers","diff_ids":[]}}"""), Cancellation);
        ImageManifest manifest = ImageManifest.Create(config, layer);
        await store.WriteAsync(manifest.Descriptor, new MemoryStream(manifest.RawBytes.ToArray()), Cancellation);
        return manifest;
    }

    private static async Task AssertEveryBlobIsWholeAsync(OciLayout layout)
    {
        string blobs = Path.Combine(layout.Path, "blobs", "sha256");
        foreach (string file in Directory.Exists(blobs) ? Directory.EnumerateFiles(blobs) : [])
        {
            Assert.Equal(Path.GetFileName(file), Digest.Compute(await File.ReadAllBytesAsync(file, Cancellation)).Hex);
        }
    }

    private Process Start(string method, int number) => Process.Start(new ProcessStartInfo(
        Environment.ProcessPath!, ["-noLogo", "-noColor", "-explicit", "only", "-method", $"{typeof(OciLayoutProcessesTests).FullName}.{method}"])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        Environment = { [Variable] = $"{_directory.PathOf("layout")}|{number}" },
    })!;

    private static async Task WaitForAsync(Process process, string word)
    {
        string output = "";
        while (await process.StandardOutput.ReadLineAsync(Cancellation) is { } line)
        {
            if (line == word)
            {
                return;
            }

            output += line + "\n";
        }

        Assert.Fail(output);
    }

    private static async Task<string> EndAsync(Process process)
    {
        string output = await process.StandardOutput.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        return output;
    }

    private static void End(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill();
            process.WaitForExit();
        }
    }
}
