using System.Diagnostics;
using DevOps.Testing;

namespace DevOps.EndToEnd.Tests;

/// <summary>A real engine runs what we built, on a real base.</summary>
public sealed class EngineTests
{
    [Fact]
    public async Task ImageBuild_OnARealBase_TheContainerAnswersOnHttp()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        string @base = await BaseAsync(temporary);
        string image = Path.Combine(temporary.Path, "image");
        (await Run.CliAsync(
            "image", "build", Peer.PublishedGreeter, "--root", "/app", "--base", $"oci:{@base}:base", "--target", $"oci:{image}:app",
            "--entrypoint", "/app/Greeter", "--env", "ASPNETCORE_HTTP_PORTS=8080")).Succeeded();
        string name = $"devops-e2e:{Guid.NewGuid():N}";
        (await Run.ProgramAsync(Peer.Skopeo, "copy", "--dest-daemon-host", Peer.DockerHost, $"oci:{image}:app", $"docker-daemon:{name}")).Succeeded();

        string answer = await AskAsync(name, "/?name=engine&lang=de");

        Assert.Equal("Hallo, engine!", answer);
    }

    [Fact]
    public async Task QuickStart_OnARealBase_TheEngineRunsWhatWasPushed()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        _ = Peer.PublishedGreeter;
        string @base = $"{Peer.Registry}/e2e/debian-{Guid.NewGuid():N}:12";
        (await Run.CliAsync("copy", $"oci:{await BaseAsync(temporary)}:base", @base)).Succeeded();
        string clone = temporary.PathOf("clone");
        (await Run.ProgramAsync("git", "-c", "safe.directory=*", "clone", "--quiet", "--no-hardlinks", Repository.Root, clone)).Succeeded();

        Finished run = (await Run.InAsync(clone, Repository.QuickStart, "--base", @base, "--registry", $"{Peer.Registry}/shipped")).Succeeded();

        Assert.DoesNotContain("not runnable", run.Output, StringComparison.Ordinal);
        string image = run.Output.Split('\n').Last(line => line.StartsWith("image     ", StringComparison.Ordinal))[10..].Split('@')[0];
        Assert.Equal("Bonjour, world !", await AskAsync(image, "/?lang=fr"));
    }

    [Fact]
    public async Task Copy_DockerArchive_TheEngineLoadsItAndItsOwnComesBack()
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        string @base = await BaseAsync(temporary);
        string archive = Path.Combine(temporary.Path, "ours.tar");
        string registryName = $"{Peer.Registry}/e2e/archive-{Guid.NewGuid():N}:1";
        (await Run.CliAsync("copy", $"oci:{@base}:base", registryName)).Succeeded();
        (await Run.CliAsync("copy", registryName, $"docker-archive:{archive}")).Succeeded();

        (await Run.DockerAsync("load", "--input", archive)).Succeeded();
        Finished version = (await Run.DockerAsync("run", "--rm", registryName, "/bin/cat", "/etc/debian_version")).Succeeded();
        string saved = Path.Combine(temporary.Path, "theirs.tar");
        (await Run.DockerAsync("save", "--output", saved, registryName)).Succeeded();
        string back = Path.Combine(temporary.Path, "back");
        (await Run.CliAsync("copy", $"docker-archive:{saved}", $"oci:{back}:again")).Succeeded();

        Assert.NotEmpty(version.Output.Trim());
        string unpacked = Path.Combine(temporary.Path, "bundle");
        (await Run.ProgramAsync(Peer.Umoci, "unpack", "--rootless", "--image", $"{back}:again", unpacked)).Succeeded();
        Assert.True(File.Exists(Path.Combine(unpacked, "rootfs", "etc", "debian_version")));
        (await Run.DockerAsync("image", "rm", registryName)).Succeeded();
    }

    // The rootfs that mmdebstrap made becomes an image of one layer. It has no program but cat, which the second test runs.
    private static async Task<string> BaseAsync(TemporaryDirectory temporary)
    {
        string rootfs = Directory.CreateDirectory(Path.Combine(temporary.Path, "rootfs")).FullName;
        (await Run.ProgramAsync("tar", "--extract", "--file", Peer.BaseRootFileSystem, "--directory", rootfs, "--no-same-owner")).Succeeded();
        string busybox = Environment.GetEnvironmentVariable("DEVOPS_TEST_BUSYBOX") ?? "";
        Assert.SkipWhen(busybox.Length == 0, "busybox is not at hand");
        string bin = File.ResolveLinkTarget(Path.Combine(rootfs, "bin"), returnFinalTarget: true)?.FullName ?? Directory.CreateDirectory(Path.Combine(rootfs, "bin")).FullName;
        File.Copy(busybox, Path.Combine(bin, "cat"), overwrite: true);
        string layout = Path.Combine(temporary.Path, "base");
        (await Run.CliAsync("image", "build", rootfs, "--base", "scratch", "--target", $"oci:{layout}:base")).Succeeded();
        return layout;
    }

    private static async Task<string> AskAsync(string image, string path)
    {
        string container = (await Run.DockerAsync("run", "--detach", "--publish", "127.0.0.1::8080", image)).Succeeded().Last;
        try
        {
            string port = (await Run.DockerAsync("port", container, "8080/tcp")).Succeeded().Last;
            using HttpClient http = new() { BaseAddress = new($"http://{port}") };
            using PeriodicTimer pause = new(TimeSpan.FromMilliseconds(200));
            for (int attempt = 0; ; attempt++)
            {
                try
                {
                    return await http.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
                }
                catch (HttpRequestException e) when (attempt < 150)
                {
                    Debug.WriteLine(e.Message);
                    await pause.WaitForNextTickAsync(TestContext.Current.CancellationToken);
                }
                catch (HttpRequestException)
                {
                    Finished logs = await Run.DockerAsync("logs", container);
                    throw new InvalidOperationException($"The container never answered.\n{logs.Output}\n{logs.Error}");
                }
            }
        }
        finally
        {
            await Run.DockerAsync("rm", "--force", container);
            await Run.DockerAsync("image", "rm", "--force", image);
        }
    }
}
