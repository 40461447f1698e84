using System.Collections.Immutable;
using System.Text.Json.Serialization;
using DevOps.Oci;

namespace DevOps.Pipelines;

/// <summary>The types of results that the journal knows by itself.</summary>
[JsonSourceGenerationOptions(Converters =
[
    typeof(DigestJson), typeof(ImageReferenceJson), typeof(RegistryAddressJson), typeof(RepositoryNameJson), typeof(PlatformJson), typeof(DescriptorJson), typeof(SemanticVersionJson),
])]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(decimal))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(byte[]))]
[JsonSerializable(typeof(Guid))]
[JsonSerializable(typeof(Uri))]
[JsonSerializable(typeof(TimeSpan))]
[JsonSerializable(typeof(DateTimeOffset))]
[JsonSerializable(typeof(Version))]
[JsonSerializable(typeof(int[]))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(ImmutableArray<int>))]
[JsonSerializable(typeof(ImmutableArray<string>))]
[JsonSerializable(typeof(ImmutableDictionary<string, string>))]
[JsonSerializable(typeof(Digest))]
[JsonSerializable(typeof(Descriptor))]
[JsonSerializable(typeof(ImageReference))]
[JsonSerializable(typeof(RegistryAddress))]
[JsonSerializable(typeof(RepositoryName))]
[JsonSerializable(typeof(Platform))]
[JsonSerializable(typeof(GitCommit))]
[JsonSerializable(typeof(GitVersion))]
[JsonSerializable(typeof(GitCopyResult))]
[JsonSerializable(typeof(SemanticVersion))]
[JsonSerializable(typeof(ProcessResult))]
[JsonSerializable(typeof(DotNetPackResult))]
[JsonSerializable(typeof(DotNetTestResult))]
[JsonSerializable(typeof(Artifact))]
[JsonSerializable(typeof(ImmutableArray<Artifact>))]
[JsonSerializable(typeof(ApprovalResult))]
[JsonSerializable(typeof(ApprovalDecision))]
[JsonSerializable(typeof(ApprovalMessage))]
internal sealed partial class ResultJson : JsonSerializerContext;
