using System.Xml.Linq;

namespace DevOps.Architecture.Tests;

/// <summary>Holds the layers apart: what each package may know is decided here, and a new arrow is a decision.</summary>
public sealed class PackageReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["DevOps.Abstractions"] = ["Microsoft.Extensions.Logging.Abstractions", "Microsoft.Extensions.DependencyInjection.Abstractions"],
        ["DevOps.Archives"] = ["DevOps.Abstractions", "System.IO.Pipelines"],
        ["DevOps.Registry"] = ["DevOps.Abstractions", "DevOps.Archives", "YamlDotNet", "Polly.Core"],
        ["DevOps.Registry.Server"] = ["DevOps.Abstractions", "DevOps.Registry", "Microsoft.AspNetCore.App"],
        ["DevOps.Docker"] = ["DevOps.Abstractions", "DevOps.Archives", "YamlDotNet", "Polly.Core"],
        ["DevOps.Kubernetes"] = ["DevOps.Abstractions", "DevOps.Archives", "YamlDotNet", "Polly.Core"],
        ["DevOps.Pipelines"] =
        [
            "DevOps.Abstractions", "DevOps.Archives", "YamlDotNet", "Microsoft.Extensions.Hosting.Abstractions", "Microsoft.Extensions.Diagnostics.HealthChecks.Abstractions",
            "Microsoft.Extensions.Logging.Abstractions", "Microsoft.Extensions.DependencyInjection.Abstractions", "Microsoft.Extensions.Options",
        ],
    };

    public static TheoryData<string> Projects => [.. Directory.GetDirectories(Checkout.PathOf("src")).Select(path => Path.GetFileName(path))];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_EveryReference_IsInTheTable(string package)
    {
        XDocument project = XDocument.Load(Checkout.PathOf("src", package, package + ".csproj"));

        string[] references =
        [
            .. project.Descendants().Where(element => element.Name.LocalName is "ProjectReference" or "PackageReference" or "FrameworkReference")
                .Select(element => (string)element.Attribute("Include")!)
                .Select(include => include.EndsWith(".csproj", StringComparison.Ordinal) ? Path.GetFileNameWithoutExtension(include.Replace('\\', '/')) : include),
        ];

        Assert.True(Allowed.ContainsKey(package), $"'{package}' is not in the table.");
        Assert.Empty(references.Except(Allowed[package]));
    }

    [Fact]
    public void Table_EveryPackage_Exists() => Assert.Equal(Allowed.Keys.Order(StringComparer.Ordinal), Checkout.Packages);

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_HasAReadmeThatNamesIt(string package) =>
        Assert.StartsWith($"# {package}\n", File.ReadAllText(Checkout.PathOf("src", package, "README.md")), StringComparison.Ordinal);
}
