using Microsoft.AspNetCore.Components;

namespace Practice.Web;

/// <summary>A page of a practice, or a part of one: who looks at it is known before it reads anything else.</summary>
public abstract class PracticePage : Page
{
    [Inject]
    private CurrentPractice Current { get; set; } = null!;

    [Parameter]
    public Guid GroupId { get; set; }

    /// <summary>Null until it is read; then all else that the page shows is read too.</summary>
    protected CurrentPractice.Practice? Here { get; private set; }

    protected sealed override async Task OnInitializedAsync()
    {
        var here = await Current.ReadAsync();
        await LoadAsync(here);
        Here = here;
    }

    protected abstract Task LoadAsync(CurrentPractice.Practice here);
}
