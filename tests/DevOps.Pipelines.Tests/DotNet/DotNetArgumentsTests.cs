using System.Collections.Immutable;

namespace DevOps.Pipelines.Tests;

/// <summary>Expected: the options that "dotnet COMMAND --help" of SDK 10.0.401 lists, and the pages of learn.microsoft.com.</summary>
public sealed class DotNetArgumentsTests
{
    private static readonly ImmutableDictionary<string, string> Properties = ImmutableDictionary<string, string>.Empty.Add("B", "2;3").Add("A", "1");

    public static TheoryData<DotNetRestoreOptions, string> Restores => new()
    {
        { DotNetRestoreOptions.Default, "restore" },
        { new() { Project = "a b.csproj", Sources = ["https://one", "two"], LockedMode = true, Runtime = "linux-x64" }, "restore|a b.csproj|--source|https://one|--source|two|--locked-mode|--runtime|linux-x64" },
        { new() { Project = "-odd.csproj", Verbosity = DotNetVerbosity.Quiet, Properties = Properties, AdditionalArguments = ["--force", ""] }, "restore|./-odd.csproj|--verbosity|quiet|-p:A=1|-p:B=2%3B3|--force|" },
    };

    public static TheoryData<DotNetBuildOptions, string> Builds => new()
    {
        { DotNetBuildOptions.Default, "build|--configuration|Release" },
        {
            new()
            {
                Project = "x.slnx", Configuration = "Debug", Framework = "net10.0", Runtime = "linux-x64", NoRestore = true, Version = SemanticVersion.Parse("1.2.3-rc.1+5f3a"), SelfContained = true, Output = "out",
                Verbosity = DotNetVerbosity.Diagnostic, Properties = Properties,
            },
            "build|x.slnx|--configuration|Debug|--framework|net10.0|--no-restore|-p:Version=1.2.3-rc.1+5f3a|--self-contained|--output|out|--runtime|linux-x64|--verbosity|diagnostic|-p:A=1|-p:B=2%3B3"
        },
        { new() { SelfContained = false }, "build|--configuration|Release|--no-self-contained" },
    };

    public static TheoryData<DotNetPublishOptions, string> Publishes => new()
    {
        { DotNetPublishOptions.Default, "publish|--configuration|Release" },
        { new() { Project = "app", NoBuild = true, SelfContained = false, Output = "out" }, "publish|app|--configuration|Release|--no-build|--no-self-contained|--output|out" },
    };

    public static TheoryData<DotNetPackOptions, string> Packs => new()
    {
        { DotNetPackOptions.Default, "pack|--configuration|Release|--output|fresh" },
        {
            new() { Project = "lib", NoBuild = true, NoRestore = true, IncludeSymbols = true, Output = "ignored", Version = new(2, 0, 0) },
            "pack|lib|--configuration|Release|--no-restore|-p:Version=2.0.0|--no-build|--include-symbols|-p:SymbolPackageFormat=snupkg|--output|fresh"
        },
    };

    public static TheoryData<DotNetTestOptions, string> Tests => new()
    {
        { DotNetTestOptions.Default, "test|--configuration|Release|--results-directory|TestResults|--logger|trx" },
        {
            new() { Project = "x.sln", Filter = "Name~A&Category!=Slow", NoBuild = true, ResultsDirectory = "r", Loggers = ["trx;LogFileName=a b.trx", "console"], AdditionalArguments = ["--blame"] },
            "test|x.sln|--configuration|Release|--no-build|--filter|Name~A&Category!=Slow|--results-directory|r|--logger|trx;LogFileName=a b.trx|--logger|console|--blame"
        },
        {
            new() { Project = "x.csproj", Runner = DotNetTestRunner.TestingPlatform, Loggers = ["xunit-trx"], Framework = "net10.0" },
            "test|--project|x.csproj|--configuration|Release|--framework|net10.0|--results-directory|TestResults|--report-xunit-trx"
        },
        { new() { Project = "x.slnx", Runner = DotNetTestRunner.TestingPlatform, Loggers = [] }, "test|--solution|x.slnx|--configuration|Release|--results-directory|TestResults" },
    };

    [Theory]
    [MemberData(nameof(Restores))]
    public void Of_Restore_IsTheCommand(DotNetRestoreOptions options, string expected) => Assert.Equal(expected, string.Join('|', DotNetArguments.Of(options)));

    [Theory]
    [MemberData(nameof(Builds))]
    public void Of_Build_IsTheCommand(DotNetBuildOptions options, string expected) => Assert.Equal(expected, string.Join('|', DotNetArguments.Of(options)));

    [Theory]
    [MemberData(nameof(Publishes))]
    public void Of_Publish_IsTheCommand(DotNetPublishOptions options, string expected) => Assert.Equal(expected, string.Join('|', DotNetArguments.Of(options)));

    [Theory]
    [MemberData(nameof(Packs))]
    public void Of_Pack_IsTheCommand(DotNetPackOptions options, string expected) => Assert.Equal(expected, string.Join('|', DotNetArguments.Of(options, "fresh")));

    [Theory]
    [MemberData(nameof(Tests))]
    public void Of_Test_IsTheCommand(DotNetTestOptions options, string expected) => Assert.Equal(expected, string.Join('|', DotNetArguments.Of(options)));

    [Fact]
    public void Of_Push_IsTheCommand()
    {
        Assert.Equal("nuget|push|a.nupkg", string.Join('|', DotNetArguments.Of(new DotNetPushOptions(), "a.nupkg", null)));
        DotNetPushOptions options = new() { Source = "https://feed", SkipDuplicate = true, Timeout = TimeSpan.FromMinutes(2) };
        Assert.Equal("nuget|push|a.nupkg|--source|https://feed|--api-key|k|--skip-duplicate|--timeout|120", string.Join('|', DotNetArguments.Of(options, "a.nupkg", "k")));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DotNetPushOptions { Timeout = TimeSpan.Zero });
    }

    [Theory] // Expected: learn.microsoft.com, "MSBuild special characters".
    [InlineData("plain-1.0_x", "plain-1.0_x")]
    [InlineData("a;b,c", "a%3Bb%2Cc")]
    [InlineData("50%", "50%25")]
    [InlineData("$(X) @(Y) 'z' *?", "%24%28X%29 %40%28Y%29 %27z%27 %2A%3F")]
    [InlineData("\"q\"", "%22q%22")]
    [InlineData("a\nb", "a%0Ab")]
    [InlineData("é=\\", "é=\\")]
    public void Property_Value_IsEscaped(string value, string expected) => Assert.Equal($"-p:Name={expected}", DotNetArguments.Property("Name", value));

    [Theory]
    [InlineData("")]
    [InlineData("1a")]
    [InlineData("a b")]
    [InlineData("a;b")]
    [InlineData("a=b")]
    public void Property_OddName_IsRefused(string name) => Assert.Throws<ArgumentException>(() => DotNetArguments.Property(name, ""));

    [Fact]
    public void WithEnvironment_OfTheCaller_CountsMore()
    {
        ProcessOptions options = DotNetSteps.WithEnvironment(new() { Environment = ImmutableDictionary<string, string?>.Empty.Add("UseSharedCompilation", null).Add("OWN", "1") });
        Assert.Equal(
            ["DOTNET_CLI_UI_LANGUAGE=en", "DOTNET_CLI_USE_MSBUILD_SERVER=0", "DOTNET_NOLOGO=1", "MSBUILDDISABLENODEREUSE=1", "OWN=1", "UseSharedCompilation="],
            options.Environment.Select(variable => $"{variable.Key}={variable.Value}").Order(StringComparer.Ordinal));
    }
}
