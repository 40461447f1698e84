using DevOps.Oci;
using DevOps.Testing;

namespace DevOps.Docker.Tests;

public sealed class DotNetImageExtensionsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task WithDotNetApp_PortableApp_HasALayerForPackagesAndOneForTheRest()
    {
        string directory = PublishedApp.Write(_directory);
        await using BuiltImage image = await ImageBuilder.Scratch.WithDotNetApp(directory).BuildAsync(cancellationToken: Cancellation);

        Assert.Equal(["packages", "application"], image.Layers.Select(layer => layer.Description));
        Assert.Equal(["dotnet", "/app/Shop.dll"], image.Config.Entrypoint);
        Assert.Empty(image.Config.Cmd);
        Assert.Equal(("/app", "1654:1654"), (image.Config.WorkingDirectory, image.Config.User));
        Assert.Equal(["8080/tcp"], image.Config.ExposedPorts);
        Assert.Equal(["ASPNETCORE_HTTP_PORTS=8080"], image.Config.Env);
    }

    [Fact]
    public async Task WithDotNetApp_ChangedApplication_KeepsThePackageLayer()
    {
        string directory = PublishedApp.Write(_directory);
        await using BuiltImage one = await ImageBuilder.Scratch.WithDotNetApp(directory).BuildAsync(cancellationToken: Cancellation);
        _directory.Write("out/Shop.dll", "changed");
        await using BuiltImage two = await ImageBuilder.Scratch.WithDotNetApp(directory).BuildAsync(cancellationToken: Cancellation);

        Assert.Equal(one.Layers[0].DiffId, two.Layers[0].DiffId);
        Assert.NotEqual(one.Layers[1].DiffId, two.Layers[1].DiffId);
        Assert.NotEqual(one.Digest, two.Digest);
    }

    [Fact]
    public async Task WithDotNetApp_SelfContainedApp_HasThreeLayersAndStartsItself()
    {
        string directory = PublishedApp.WriteSelfContained(_directory);
        await using BuiltImage image = await ImageBuilder.Scratch
            .WithDotNetApp(directory, new() { Directory = "/srv/shop/", Port = null, User = "7" }).BuildAsync(cancellationToken: Cancellation);

        Assert.Equal([".NET runtime", "packages", "application"], image.Layers.Select(layer => layer.Description));
        Assert.Equal(["/srv/shop/Shop"], image.Config.Entrypoint);
        Assert.Equal("7", image.Config.User);
        Assert.Empty(image.Config.ExposedPorts);
        Assert.Empty(image.Config.Env);
    }

    [Fact]
    public async Task WithDotNetApp_BaseThatSetsUserAndPort_IsRespected()
    {
        string directory = PublishedApp.Write(_directory);
        await using BuiltImage image = await ImageBuilder.Scratch
            .WithConfig(config => config.WithUser("app").WithEnv("ASPNETCORE_HTTP_PORTS", "9000"))
            .WithDotNetApp(directory).BuildAsync(cancellationToken: Cancellation);
        Assert.Equal("app", image.Config.User);
        Assert.Equal(["ASPNETCORE_HTTP_PORTS=9000"], image.Config.Env);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(65536)]
    public void Port_OutOfRange_Throws(int port) => Assert.Throws<ArgumentOutOfRangeException>(() => new DotNetAppOptions { Port = port });
}
