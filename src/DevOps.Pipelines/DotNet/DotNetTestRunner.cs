namespace DevOps.Pipelines;

/// <summary>What runs the tests of <c>dotnet test</c>: the two take different arguments, and <c>global.json</c> decides between them.</summary>
public enum DotNetTestRunner
{
    /// <summary>VSTest, without an entry in <c>global.json</c>.</summary>
    VSTest,

    /// <summary>Microsoft.Testing.Platform: <c>"test": { "runner": "Microsoft.Testing.Platform" }</c> in <c>global.json</c>.</summary>
    TestingPlatform,
}
