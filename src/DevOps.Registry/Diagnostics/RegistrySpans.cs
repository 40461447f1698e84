using System.Diagnostics;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Traces the work of this package: a span for each piece of content that is pushed, pulled, mounted or deleted, and above those one for each copy and each tag of a mirror. Requests are traced by the runtime's own HTTP client.</summary>
internal static class RegistrySpans
{
    /// <summary>Does some work in a repository under a span.</summary>
    internal static Task<T> RunAsync<T>(string name, RemoteRepository repository, Descriptor? content, Func<Task<T>> work) => RunAsync(() => Start(name, repository, content), work);

    /// <inheritdoc cref="RunAsync{T}(string, RemoteRepository, Descriptor, Func{Task{T}})"/>
    internal static Task RunAsync(string name, RemoteRepository repository, Descriptor? content, Func<Task> work) => RunAsync(
        () => Start(name, repository, content),
        async () =>
        {
            await work().ConfigureAwait(false);
            return true;
        });

    /// <summary>Does some work between stores under a span.</summary>
    /// <param name="name">What is done.</param>
    /// <param name="tags">What is said of it.</param>
    /// <param name="work">Does it.</param>
    /// <param name="errorOf">Finds the error in what came of it, where failures do not stop the rest.</param>
    internal static Task<T> RunAsync<T>(string name, (string Name, string? Value)[] tags, Func<Task<T>> work, Func<T, Exception?>? errorOf = null) => RunAsync(
        () =>
        {
            Activity? span = RegistryDiagnostics.Source.StartActivity(name, ActivityKind.Internal);
            foreach ((string tag, string? value) in span is null ? [] : tags)
            {
                span!.SetTag(tag, value);
            }

            return span;
        },
        work,
        errorOf);

    /// <summary>Opens content under a span that ends with the reading.</summary>
    internal static async Task<Stream> OpenAsync(RemoteRepository repository, Descriptor content, Func<Task<Stream>> open)
    {
        Activity? span = Start(MediaTypes.IsManifest(content.MediaType) ? "pull manifest" : "pull blob", repository, content);
        try
        {
            Stream opened = await open().ConfigureAwait(false);
            return span is null ? opened : new TracedContent(opened, span);
        }
        catch (Exception e)
        {
            End(span, e);
            throw;
        }
    }

    /// <summary>Ends a span, and leaves whoever ends it within the one that they were in.</summary>
    internal static void End(Activity? span, Exception? error = null)
    {
        if (span is null)
        {
            return;
        }

        // A cancellation is the caller's wish and no failure.
        if (error is not (null or OperationCanceledException))
        {
            span.SetTag("error.type", RegistryCounts.ErrorTypeOf(error)).SetStatus(ActivityStatusCode.Error, error.Message);
        }

        Activity? current = Activity.Current;
        span.Stop();
        if (current != span)
        {
            Activity.Current = current;
        }
    }

    // Started inside, so that the span is current for the work and not for who waits for it.
    private static async Task<T> RunAsync<T>(Func<Activity?> start, Func<Task<T>> work, Func<T, Exception?>? errorOf = null)
    {
        Activity? span = start();
        try
        {
            T result = await work().ConfigureAwait(false);
            End(span, errorOf?.Invoke(result));
            return result;
        }
        catch (Exception e)
        {
            End(span, e);
            throw;
        }
    }

    private static Activity? Start(string name, RemoteRepository repository, Descriptor? content)
    {
        Activity? span = RegistryDiagnostics.Source.StartActivity(name, ActivityKind.Client);
        if (span is null)
        {
            return null;
        }

        foreach (KeyValuePair<string, object?> tag in RegistryCounts.TagsOf(repository.Registry))
        {
            span.SetTag(tag.Key, tag.Value);
        }

        span.SetTag("devops.registry.repository", repository.Name.Value);
        if (content is not null)
        {
            span.SetTag(MediaTypes.IsManifest(content.MediaType) ? "oci.manifest.digest" : "devops.registry.blob.digest", content.Digest.ToString()).SetTag("devops.registry.content.size", content.SizeBytes);
        }

        return span;
    }
}
