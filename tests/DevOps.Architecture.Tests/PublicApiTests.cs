namespace DevOps.Architecture.Tests;

/// <summary>The public API of each package is a text beside its project. Before 1.0 it may change freely, but never unnoticed.</summary>
public sealed class PublicApiTests
{
    // Set it to 1 and run this test to accept what changed.
    private const string Update = "DEVOPS_UPDATE_API";

    public static TheoryData<string> Packages => [.. Checkout.Packages];

    [Theory]
    [MemberData(nameof(Packages))]
    public void PublicApi_IsAsReviewed(string package)
    {
        string path = Checkout.PathOf("src", package, "PublicApi.txt");
        string actual = ApiText.Write(package);
        if (Environment.GetEnvironmentVariable(Update) == "1")
        {
            File.WriteAllText(path, actual);
        }

        string reviewed = File.Exists(path) ? File.ReadAllText(path) : "";
        string[] added = [.. actual.Split('\n').Except(reviewed.Split('\n'))];
        string[] gone = [.. reviewed.Split('\n').Except(actual.Split('\n'))];
        Assert.True(
            actual == reviewed,
            $"The public API of {package} changed. Read the change, then accept it with {Update}=1.\n{string.Join('\n', added.Select(line => "+ " + line))}\n{string.Join('\n', gone.Select(line => "- " + line))}");
    }
}
