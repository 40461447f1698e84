using System.Text;
using System.Text.Json.Nodes;
using DevOps.Archives.Tar;
using DevOps.Content;
using DevOps.Docker;
using DevOps.Oci;
using DevOps.Registry;

namespace DevOps.EndToEnd.Tests;

/// <summary>Real images, indexes of them, and an artifact, each with a referrer that has a referrer: what is sent on round trips.</summary>
internal static class TravellingContent
{
    /// <summary>Writes one kind of content: <c>image</c>, <c>index</c>, <c>nested</c> or <c>artifact</c>.</summary>
    internal static async Task<Descriptor> WriteAsync(RemoteRepository repository, string kind)
    {
        Descriptor root = kind switch
        {
            "image" => await WriteImageAsync(repository, Platform.LinuxAmd64),
            "index" => await WriteIndexAsync(repository),
            "nested" => await WriteAsync(repository, ImageIndex.Create(await WriteIndexAsync(repository), await WriteImageAsync(repository, Platform.Parse("linux/riscv64")))),
            _ => await WriteReferrerAsync(repository, "application/example.report", await WriteImageAsync(repository, Platform.LinuxAmd64)),
        };
        Descriptor signature = await WriteReferrerAsync(repository, "application/example.signature", root);
        await WriteReferrerAsync(repository, "application/example.timestamp", signature);
        return root;
    }

    /// <summary>Fails unless the content and its referrers, and theirs, are in a store to the last byte.</summary>
    internal static async Task VerifyAsync<T>(T store, Descriptor root)
        where T : IContentSource, IReferrerLister
    {
        foreach (string type in (string[])["application/example.signature", "application/example.timestamp"])
        {
            await store.VerifyAsync(root, cancellationToken: TestContext.Current.CancellationToken);
            root = Assert.Single(await store.ListReferrersAsync(root.Digest, type, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken));
        }

        await store.VerifyAsync(root, cancellationToken: TestContext.Current.CancellationToken);
    }

    internal static async Task<Descriptor> WriteIndexAsync(RemoteRepository repository)
    {
        List<Descriptor> images = [];
        foreach (string platform in (string[])["linux/amd64", "linux/arm64", "linux/arm/v7"])
        {
            images.Add(await WriteImageAsync(repository, Platform.Parse(platform)));
        }

        return await WriteAsync(repository, ImageIndex.Create(images));
    }

    private static async Task<Descriptor> WriteImageAsync(RemoteRepository repository, Platform platform)
    {
        await using BuiltImage image = await ImageBuilder.Scratch
            .WithPlatform(platform)
            .WithLayer(OfFile("etc/shared", "the same for all"))
            .WithLayer(OfFile("etc/platform", platform.ToString()))
            .BuildAsync(cancellationToken: TestContext.Current.CancellationToken);
        await image.SaveAsync(repository, cancellationToken: TestContext.Current.CancellationToken);
        return image.Descriptor with { Platform = platform };
    }

    private static Layer OfFile(string path, string text) => Layer.FromEntries(path, [new TarItem(new(path, TarMemberKind.File), TarContent.FromBytes(Encoding.UTF8.GetBytes(text)))]);

    private static async Task<Descriptor> WriteReferrerAsync(RemoteRepository repository, string type, Descriptor subject)
    {
        byte[] report = Encoding.UTF8.GetBytes($"{type} of {subject.Digest}");
        Descriptor layer = Descriptor.ForContent("text/plain", report);
        await repository.WriteAsync(layer, new MemoryStream(report), TestContext.Current.CancellationToken);
        await repository.WriteAsync(Descriptor.EmptyJson, new MemoryStream("{}"u8.ToArray()), TestContext.Current.CancellationToken);
        return await WriteAsync(repository, ImageManifest.Create(Descriptor.EmptyJson, layer).Edit(json =>
        {
            json["artifactType"] = type;
            json["subject"] = new Descriptor(subject.MediaType, subject.Digest, subject.SizeBytes).ToJson();
            json["annotations"] = new JsonObject { ["org.example.by"] = "robot" };
        }));
    }

    private static async Task<Descriptor> WriteAsync(RemoteRepository repository, ManifestDocument manifest)
    {
        await repository.WriteAsync(manifest.Descriptor, new MemoryStream(manifest.RawBytes.ToArray()), TestContext.Current.CancellationToken);
        return manifest.Descriptor;
    }
}
