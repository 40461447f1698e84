namespace DevOps.EndToEnd.Tests;

/// <summary>A program that has ended.</summary>
internal sealed record Finished(string Command, int ExitCode, string Output, string Error)
{
    internal string Last => Output.TrimEnd().Split('\n')[^1];

    /// <summary>Fails the test with all that the program said, unless it succeeded.</summary>
    internal Finished Succeeded()
    {
        Assert.True(ExitCode == 0, $"'{Command}' ended with {ExitCode}.\n{Output}\n{Error}");
        return this;
    }
}
