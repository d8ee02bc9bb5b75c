using Microsoft.AspNetCore.Components;

namespace Practice.Web;

/// <summary>A page of a practice, or a part of one. The practice and the person's access are read first.</summary>
public abstract class PracticePage : Page
{
    [Inject]
    private CurrentPractice Current { get; set; } = null!;

    [Parameter]
    public Guid GroupId { get; set; }

    /// <summary>Null until everything that the page shows is read.</summary>
    protected CurrentPractice.Practice? Here { get; private set; }

    protected sealed override async Task OnInitializedAsync()
    {
        var here = await Current.ReadAsync();
        await LoadAsync(here);
        Here = here;
    }

    protected abstract Task LoadAsync(CurrentPractice.Practice here);
}
