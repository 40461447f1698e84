using DevOps.Content;
using DevOps.Oci;
using DevOps.Registry.Tests.Contract;
using DevOps.Testing.Content;

namespace DevOps.Registry.Tests.Copying;

/// <summary>Images that are in no index, where platforms are asked for.</summary>
public sealed class StatedPlatformTests
{
    private const string Arm = """{"architecture":"arm","os":"linux","variant":"v7"}""";
    private const string Windows = """{"architecture":"amd64","os":"windows","os.version":"10.0.20348.1"}""";

    private readonly TestStore _source = new();
    private readonly TestStore _target = new();

    [Theory]
    [InlineData("linux/arm64", Arm, "linux/arm/v7")]
    [InlineData("linux/arm/v6", Arm, "linux/arm/v7")]
    [InlineData("linux/amd64", Windows, "windows/amd64")]
    public async Task PlanCopyAsync_ImageOfAnotherPlatform_IsRefusedAndNothingWritten(string asked, string config, string stated)
    {
        ImageManifest image = Add(MediaTypes.ImageConfig, config);
        foreach (PlatformSelection selection in (PlatformSelection[])[PlatformSelection.Image(Platform.Parse(asked)), PlatformSelection.NewIndex(AttestationManifests.Keep, Platform.Parse(asked))])
        {
            DevOpsException error = await Assert.ThrowsAsync<DevOpsException>(() => PlanAsync(image, selection));
            Assert.StartsWith($"Image {image.Digest} is for {stated} and not for {asked}, ", error.Message, StringComparison.Ordinal);
        }

        Assert.Empty(_target.Written);
    }

    [Theory]
    [InlineData(MediaTypes.ImageConfig, Arm, "linux/arm/v7")]
    [InlineData(MediaTypes.DockerConfig, Arm, "linux/arm")]
    [InlineData(MediaTypes.ImageConfig, Windows, "windows/amd64")]
    public async Task PlanCopyAsync_ImageOfThePlatform_KeepsItsDigest(string mediaType, string config, string asked)
    {
        ImageManifest image = Add(mediaType, config);

        CopyPlan plan = await PlanAsync(image, PlatformSelection.NewIndex(AttestationManifests.Keep, Platform.Parse("linux/s390x"), Platform.Parse(asked)));

        Assert.Equal(image.Descriptor, plan.Root);
    }

    // expected: cosign's signatures have an image's configuration without a platform, other artifacts one of their own or none
    [Theory]
    [InlineData(MediaTypes.ImageConfig, """{"architecture":"","os":"","config":{}}""")]
    [InlineData(MediaTypes.ImageConfig, """{"author":"x"}""")]
    [InlineData("application/vnd.cncf.helm.config.v1+json", Arm)]
    [InlineData("application/vnd.oci.empty.v1+json", "{}")]
    public async Task PlanCopyAsync_NoPlatformStated_IsCopied(string mediaType, string config)
    {
        ImageManifest artifact = Add(mediaType, config);

        CopyPlan plan = await PlanAsync(artifact, PlatformSelection.Image(Platform.LinuxArm64));

        Assert.Equal(artifact.Descriptor, plan.Root);
    }

    [Fact]
    public async Task PlanCopyAsync_OtherVersionOfWindows_IsRefused()
    {
        ImageManifest image = Add(MediaTypes.ImageConfig, Windows);
        Platform asked = Platform.Parse("windows/amd64");

        Assert.Equal(image.Descriptor, (await PlanAsync(image, PlatformSelection.Image(asked with { OsVersion = "10.0.20348.1" }))).Root);
        await Assert.ThrowsAsync<DevOpsException>(() => PlanAsync(image, PlatformSelection.Image(asked with { OsVersion = "10.0.17763.1" })));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"os":"linux","os":"windows"}""")]
    [InlineData("""{"os":"\ud800","architecture":"arm"}""")]
    public async Task PlanCopyAsync_DamagedConfiguration_NamesIt(string config)
    {
        ImageManifest image = Add(MediaTypes.ImageConfig, config);

        ContentCopyException error = await Assert.ThrowsAsync<ContentCopyException>(() => PlanAsync(image, PlatformSelection.Image(Platform.LinuxAmd64)));

        Assert.Equal(CopySide.Source, error.Side);
        Assert.Contains(image.Config.Digest.ToString(), Assert.IsType<InvalidContentException>(error.InnerException).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PlanCopyAsync_NoPlatformAskedFor_ReadsNoConfiguration()
    {
        ImageManifest image = Add(MediaTypes.ImageConfig, Arm);
        _ = await PlanAsync(image, PlatformSelection.All);

        Assert.Equal([image.Descriptor], _source.Logged(StoreOperation.OpenRead));
    }

    private Task<CopyPlan> PlanAsync(ImageManifest image, PlatformSelection selection) =>
        _source.PlanCopyAsync(image.Descriptor, _target, "1", new() { Platforms = selection }, TestContext.Current.CancellationToken);

    private ImageManifest Add(string mediaType, string config)
    {
        ImageManifest image = ImageManifest.Create(_source.Add(mediaType, Sample.Bytes(config)), _source.Add(MediaTypes.LayerGzip, Sample.Bytes("layer")));
        _source.Add(image);
        return image;
    }
}
