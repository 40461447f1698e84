using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace DevOps.Architecture.Tests;

/// <summary>Every C# example in the documentation is a whole program that compiles as it stands, with the usings that the SDK adds by itself and no others.</summary>
public sealed partial class SnippetTests
{
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    public static TheoryData<string, int> Snippets
    {
        get
        {
            TheoryData<string, int> data = [];
            foreach (string file in Documents())
            {
                foreach (Match match in CodeBlock().Matches(File.ReadAllText(file)))
                {
                    data.Add(Path.GetRelativePath(Checkout.Root, file), File.ReadAllText(file)[..match.Index].Count(c => c == '\n') + 2);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Snippets))]
    public void Snippet_AsItStands_Compiles(string file, int line)
    {
        string text = File.ReadAllText(Checkout.PathOf(file));
        Match match = CodeBlock().Matches(text).Single(match => text[..match.Index].Count(c => c == '\n') + 2 == line);

        Assert.Empty(Errors(match.Groups["code"].Value));
    }

    [Fact]
    public void Snippet_ThatIsWrong_IsFound() => Assert.NotEmpty(Errors("using DevOps.Docker;\nImageBuilder.Scratch.WithNothing();"));

    [Fact]
    public void Snippets_StandInReadmeDocsAndPackages()
    {
        string[] files = [.. Snippets.Select(row => row.Data.Item1).Distinct()];

        Assert.Contains("README.md", files);
        Assert.All(Checkout.Packages, package => Assert.Contains(Path.Combine("src", package, "README.md"), files));
    }

    // The names of all packages can be used together: no two of them need an alias.
    [Fact]
    public void RootNamespaces_AllInScope_DoNotCollide() => Assert.Empty(Errors("""
        using DevOps;
        using DevOps.Archives;
        using DevOps.Content;
        using DevOps.Credentials;
        using DevOps.Docker;
        using DevOps.Kubernetes;
        using DevOps.Oci;
        using DevOps.Pipelines;
        using DevOps.Registry;
        using DevOps.Registry.Server;

        PipelineBuilder ship = new("shop");
        using RegistryClient registry = new();
        Job<BuiltImage> image = ship.AddJob("image", async job => await ImageBuilder.Scratch.WithLayer(Layer.FromDirectory("out")).BuildAsync(registry, cancellationToken: job.Cancellation));
        ship.AddJob("push", image, async (job, built) => await built.PushAsync(registry.GetRepository("shop/api"), "1.0", cancellationToken: job.Cancellation));
        await ship.Build().RunAsync();
        """));

    private static string[] Errors(string code)
    {
        CSharpParseOptions options = new(LanguageVersion.CSharp14);
        CSharpCompilation compilation = CSharpCompilation.Create(
            "snippet",
            [CSharpSyntaxTree.ParseText(code, options), CSharpSyntaxTree.ParseText(ImplicitUsings, options)],
            Checkout.References,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        return [.. compilation.GetDiagnostics().Where(found => found.Severity >= DiagnosticSeverity.Warning && found.Id is not "CS8019").Select(found => found.ToString())];
    }

    private static IEnumerable<string> Documents() =>
        Checkout.Files("docs", "*.md").Concat(Checkout.Files("src", "README.md")).Append(Checkout.PathOf("README.md")).Order(StringComparer.Ordinal);

    [GeneratedRegex(@"^```csharp\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
