using DevOps.Content;
using DevOps.Oci;
using DevOps.Testing;

namespace DevOps.Registry.Tests.Stores;

/// <summary>Archives that were cut off or damaged: the same seed gives the same damage.</summary>
public sealed class DockerArchiveDamageTests : IDisposable
{
    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task OpenAsync_CutOffAnywhere_OnlyThrowsWhatItSays()
    {
        byte[] whole = Whole();
        for (int length = 0; length < whole.Length; length += 256)
        {
            await TryAsync(whole[..length]);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task OpenAsync_FlippedBytes_OnlyThrowsWhatItSays(int seed)
    {
        byte[] whole = Whole();
        Random random = new(seed);
        for (int i = 0; i < 300; i++)
        {
            byte[] damaged = [.. whole];
            for (int times = random.Next(1, 6); times > 0; times--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            await TryAsync(damaged);
        }
    }

    [Fact]
    public async Task OpenAsync_Noise_OnlyThrowsWhatItSays()
    {
        foreach (byte[] noise in Damage.Noise(seed: 4, count: 300, maxLengthBytes: 3000))
        {
            await TryAsync(noise);
        }
    }

    private static byte[] Whole()
    {
        byte[] gzip = SavedArchive.Gzip(SavedArchive.Layer("packed"));
        SavedArchive saved = new SavedArchive().WithImage(out _, "base");
        ImageConfig config = SavedArchive.Config(SavedArchive.Layer("base"), SavedArchive.Layer("packed"));
        return saved.With($"{config.Digest.Hex}.json", config.RawBytes.ToArray()).With("packed/layer.tar", gzip).WithLink("link/layer.tar", "../packed/layer.tar")
            .WithManifest(config, ["shop/api:1.0"], "layer0/layer.tar", "link/layer.tar").ToBytes();
    }

    private async Task TryAsync(byte[] bytes)
    {
        string path = _directory.Write("damaged.tar", bytes);
        Exception? error = await Record.ExceptionAsync(async () =>
        {
            DockerArchive archive = await DockerArchive.OpenAsync(path, Cancellation);
            foreach (DockerArchiveImage image in archive.Images)
            {
                await archive.VerifyAsync(image.Manifest, cancellationToken: Cancellation);
            }
        });
        Assert.True(error is null or InvalidContentException or ContentVerificationException or ContentNotFoundException, error?.ToString());
    }
}
