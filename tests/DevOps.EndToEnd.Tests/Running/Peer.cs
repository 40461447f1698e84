namespace DevOps.EndToEnd.Tests;

/// <summary>The real programs that eng/peers.sh finds. A test that needs one is skipped, with the reason, where there is none.</summary>
internal static class Peer
{
    internal static string Skopeo => Find("DEVOPS_TEST_SKOPEO", "skopeo");

    internal static string Umoci => Find("DEVOPS_TEST_UMOCI", "umoci");

    internal static string Pigz => Find("DEVOPS_TEST_PIGZ", "pigz");

    internal static string Igzip => Find("DEVOPS_TEST_IGZIP", "igzip");

    internal static string Python => Find("DEVOPS_TEST_PYTHON3", "python3");

    internal static string Registry => Find("DEVOPS_TEST_REGISTRY", "docker-registry");

    internal static string DockerHost => Find("DEVOPS_TEST_DOCKER_HOST", "dockerd");

    internal static string BaseRootFileSystem => Find("DEVOPS_TEST_BASE_ROOTFS", "mmdebstrap");

    internal static string PublishedGreeter
    {
        get
        {
            string path = Path.Combine(Repository.Root, "artifacts", "test-data", "greeter-linux-x64");
            Assert.SkipUnless(File.Exists(Path.Combine(path, "Greeter")), "the sample application was not published for linux-x64: run eng/test.sh, which does that");
            return path;
        }
    }

    private static string Find(string variable, string program)
    {
        string? value = Environment.GetEnvironmentVariable(variable);
        Assert.SkipWhen(string.IsNullOrEmpty(value), $"{program} is not at hand ({variable} is not set): run eng/test.sh, which finds it");
        return value!;
    }
}
