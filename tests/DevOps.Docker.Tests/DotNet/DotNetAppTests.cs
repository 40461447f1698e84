using DevOps.Testing;

namespace DevOps.Docker.Tests;

public sealed class DotNetAppTests : IDisposable
{
    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Read_PortableApp_TellsPackagesFromTheApplication()
    {
        DotNetApp app = DotNetApp.Read(PublishedApp.Write(_directory));

        Assert.Equal(("Shop", false), (app.Name, app.IsSelfContained));
        Assert.Equal(_directory.PathOf("out"), app.PublishDirectory);
        Assert.Empty(app.RuntimeFiles);
        Assert.Equal(["Json.dll", "de/Json.resources.dll", "libown.so", "runtimes/linux-x64/native/libnative.so"], app.PackageFiles);
        Assert.Equal(["Compile.dll", "Shop", "Shop.Core.dll", "Shop.deps.json", "Shop.dll", "Shop.pdb", "Shop.runtimeconfig.json", "appsettings.json", "wwwroot/index.html"], app.ApplicationFiles);
        Assert.Equal(["dotnet", "/app/Shop.dll"], app.CommandIn("/app"));
        Assert.Equal(["dotnet", "/app/Shop.dll"], app.CommandIn("/app/"));
        Assert.Equal(["dotnet", "/Shop.dll"], app.CommandIn("/"));
    }

    [Fact]
    public void Read_SelfContainedApp_HasARuntime()
    {
        DotNetApp app = DotNetApp.Read(PublishedApp.WriteSelfContained(_directory));

        Assert.True(app.IsSelfContained);
        Assert.Equal(["System.Runtime.dll", "libcoreclr.so"], app.RuntimeFiles);
        Assert.Equal(["Json.dll"], app.PackageFiles);
        Assert.Equal(["/app/Shop"], app.CommandIn("/app"));
    }

    [Fact]
    public void Read_PackageFileThatWasNotPublished_IsNotAFile()
    {
        string directory = PublishedApp.Write(_directory);
        File.Delete(_directory.PathOf("out/Json.dll"));
        Assert.DoesNotContain("Json.dll", DotNetApp.Read(directory).PackageFiles);
    }

    [Fact]
    public void Read_NoDepsFile_IsAllApplication()
    {
        string directory = PublishedApp.Write(_directory);
        File.Delete(_directory.PathOf("out/Shop.deps.json"));
        DotNetApp app = DotNetApp.Read(directory);
        Assert.Empty(app.PackageFiles);
        Assert.Contains("Json.dll", app.ApplicationFiles);
    }

    [Fact]
    public void Read_WrongFolder_SaysWhatToDo()
    {
        Assert.Contains("dotnet publish", Assert.Throws<DirectoryNotFoundException>(() => DotNetApp.Read(_directory.PathOf("no"))).Message, StringComparison.Ordinal);
        Assert.Contains("runtimeconfig", Assert.Throws<DevOpsException>(() => DotNetApp.Read(_directory.Path)).Message, StringComparison.Ordinal);
        string directory = PublishedApp.Write(_directory);
        _directory.Write("out/Other.runtimeconfig.json", "{}");
        Assert.Contains("Other.runtimeconfig.json, Shop.runtimeconfig.json", Assert.Throws<DevOpsException>(() => DotNetApp.Read(directory)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => DotNetApp.Read(""));
    }

    [Theory]
    [InlineData("Shop.runtimeconfig.json", "")]
    [InlineData("Shop.runtimeconfig.json", "[]")]
    [InlineData("Shop.runtimeconfig.json", "{")]
    [InlineData("Shop.runtimeconfig.json", "null")]
    [InlineData("Shop.deps.json", "not json")]
    [InlineData("Shop.deps.json", "7")]
    public void Read_FileThatIsNoJsonObject_ThrowsInvalidContent(string file, string content)
    {
        string directory = PublishedApp.Write(_directory);
        _directory.Write("out/" + file, content);
        Assert.Contains(file, Assert.Throws<InvalidContentException>(() => DotNetApp.Read(directory)).Document, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"runtimeTarget":null,"targets":null}""")]
    [InlineData("""{"runtimeTarget":{"name":"x"},"targets":{}}""")]
    [InlineData("""{"runtimeTarget":{"name":"x"},"targets":{"x":null}}""")]
    [InlineData("""{"runtimeTarget":{"name":"x"},"targets":{"x":{"a/1":null}},"libraries":{}}""")]
    [InlineData("""{"runtimeTarget":{"name":"x"},"targets":{"x":{"a/1":{"runtime":null}}},"libraries":{"a/1":{"type":"package"}}}""")]
    public void Read_DepsFileThatSaysLittle_IsAllApplication(string deps)
    {
        string directory = PublishedApp.Write(_directory);
        _directory.Write("out/Shop.deps.json", deps);
        Assert.Empty(DotNetApp.Read(directory).PackageFiles);
    }

    [Theory]
    [InlineData("Shop.deps.json", """{"runtimeTarget":".NETCoreApp,Version=v1.0"}""")]
    [InlineData("Shop.deps.json", """{"runtimeTarget":{"name":7}}""")]
    [InlineData("Shop.deps.json", """{"runtimeTarget":{"name":"x"},"targets":[]}""")]
    [InlineData("Shop.deps.json", """{"runtimeTarget":{"name":"x"},"targets":{"x":{"a/1":{}}},"libraries":{"a/1":{"type":7}}}""")]
    [InlineData("Shop.deps.json", """{"runtimeTarget":{"name":"x","name":"y"}}""")]
    [InlineData("Shop.runtimeconfig.json", """{"runtimeOptions":[]}""")]
    [InlineData("Shop.runtimeconfig.json", """{"runtimeOptions":"x"}""")]
    public void Read_MemberOfAnotherKind_ThrowsInvalidContent(string file, string content)
    {
        string directory = PublishedApp.Write(_directory);
        _directory.Write("out/" + file, content);
        Assert.Throws<InvalidContentException>(() => DotNetApp.Read(directory));
    }

    [Fact]
    public void Read_DamagedDepsFile_NothingButDevOpsException()
    {
        string directory = PublishedApp.Write(_directory);
        SortedSet<string> wrong = [];
        foreach (byte[] bytes in Damage.Of(System.Text.Encoding.UTF8.GetBytes(PublishedApp.Deps), seed: 30, count: 2000).Concat(Damage.Noise(seed: 31, count: 200)))
        {
            _directory.Write("out/Shop.deps.json", bytes);
            try
            {
                DotNetApp app = DotNetApp.Read(directory);
                Assert.Equal(13, app.PackageFiles.Length + app.RuntimeFiles.Length + app.ApplicationFiles.Length);
            }
            catch (DevOpsException)
            {
            }
            catch (Exception e)
            {
                wrong.Add($"{e.GetType().Name}: {e.Message}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }
}
