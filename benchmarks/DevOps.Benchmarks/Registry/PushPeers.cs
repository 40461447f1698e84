using DevOps.Benchmarks.Comparison;

namespace DevOps.Benchmarks.Registries;

/// <summary>The ways in which other programs bring a directory into a registry.</summary>
internal sealed class PushPeers(string directory, string work, string registry)
{
    // Of an image layout with one layer: what skopeo wants to be told of it.
    private const string Layout = """
        layer=$(sha256sum "$work/blob" | cut -d' ' -f1) && size=$(stat -c %s "$work/blob") && mkdir -p "$work/layout/blobs/sha256" && mv "$work/blob" "$work/layout/blobs/sha256/$layer" &&
        printf '{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' "$tar" >"$work/config" &&
        config=$(sha256sum "$work/config" | cut -d' ' -f1) && configsize=$(stat -c %s "$work/config") && mv "$work/config" "$work/layout/blobs/sha256/$config" &&
        printf '{"schemaVersion":2,"config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:%s","size":%s},"layers":[{"mediaType":"%s","digest":"sha256:%s","size":%s}]}' "$config" "$configsize" "$type" "$layer" "$size" >"$work/manifest" &&
        manifest=$(sha256sum "$work/manifest" | cut -d' ' -f1) && manifestsize=$(stat -c %s "$work/manifest") && mv "$work/manifest" "$work/layout/blobs/sha256/$manifest" &&
        printf '{"imageLayoutVersion":"1.0.0"}' >"$work/layout/oci-layout" &&
        printf '{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:%s","size":%s,"annotations":{"org.opencontainers.image.ref.name":"1"}}]}' "$manifest" "$manifestsize" >"$work/layout/index.json" &&
        exec skopeo copy --quiet --dest-tls-verify=false "oci:$work/layout:1" "docker://$target"
        """;

    /// <summary>Gets whether there is an engine: eng/peers.sh starts one.</summary>
    internal static bool HasDocker => Host is not null && Programs.Find("docker") is not null;

    /// <summary>Gets the image that all make.</summary>
    internal string Target => $"{registry}/bench/push:1";

    private static string? Host => Environment.GetEnvironmentVariable("DEVOPS_TEST_DOCKER_HOST");

    /// <summary>Removes what a run left on this machine.</summary>
    internal void Clean()
    {
        if (Directory.Exists(work))
        {
            Directory.Delete(work, recursive: true);
        }
    }

    internal Measurement Gzip() => Run("""
        tar -C "$directory" --numeric-owner -cf "$work/tar" . && tar=$(sha256sum "$work/tar" | cut -d' ' -f1) && gzip -1 -n <"$work/tar" >"$work/blob" && rm "$work/tar" &&
        type=application/vnd.oci.image.layer.v1.tar+gzip &&
        """ + Layout);

    internal Measurement Skopeo() => Run("""
        tar -C "$directory" --numeric-owner -cf "$work/blob" . && tar=$(sha256sum "$work/blob" | cut -d' ' -f1) &&
        type=application/vnd.oci.image.layer.v1.tar &&
        """ + Layout);

    internal Measurement Umoci() => Run("""
        umoci init --layout "$work/layout" && umoci new --image "$work/layout:1" && umoci insert --image "$work/layout:1" "$directory" / &&
        exec skopeo copy --quiet --dest-tls-verify=false "oci:$work/layout:1" "docker://$target"
        """);

    internal Measurement Crane() => Run("""tar -C "$directory" --numeric-owner -cf "$work/tar" . && exec crane append --insecure -f "$work/tar" -t "$target" """);

    /// <summary>Builds what stands for crane.</summary>
    internal static string BuildAppend(string peers, string program)
    {
        Programs.Run("cd \"$1\" && GO111MODULE=off GOCACHE=\"$2.cache\" exec go build -o \"$2\" ./main.go", null, Path.Combine(peers, "append"), program);
        return program;
    }

    internal Measurement Append(string program) => Run($"""tar -C "$directory" --numeric-owner -cf "$work/tar" . && exec {program} "$target" "$work/tar" """);

    internal Measurement Docker(string option = "--pull=false")
    {
        Directory.CreateDirectory(work);
        string dockerfile = Path.Combine(work, "Dockerfile");
        File.WriteAllText(dockerfile, "FROM scratch\nCOPY . /\n");
        return Programs.Run("docker --host \"$1\" build --quiet \"$2\" -t \"$3\" -f \"$4\" \"$5\" >/dev/null 2>&1 && exec docker --host \"$1\" push --quiet \"$3\" >/dev/null", null, Host!, option, Target, dockerfile, directory);
    }

    /// <summary>Removes the image and whatever the engine keeps of it.</summary>
    internal void CleanDocker() => Programs.Run("docker --host \"$1\" image rm --force \"$2\" >/dev/null 2>&1; docker --host \"$1\" system prune --all --force >/dev/null", null, Host!, Target);

    private Measurement Run(string line)
    {
        Clean();
        Directory.CreateDirectory(work);
        return Programs.Run("directory=$1 work=$2 target=$3\n{ " + line.TrimEnd() + "; } >/dev/null", null, directory, work, Target);
    }
}
